import type { BgpPeer } from "./bgp";
import type { CalicoSettings } from "./complete";
import { felixSpec } from "./felix-spec";
import { type CalicoResource, policyResources } from "./policy/objects";
import { modeOf, type Pool } from "./pools";

/** The label of nodes that pass BGP routes on. */
export const reflectorLabel = "podnet.dev/calico-route-reflector";

/**
 * What Calico is told: pools, BGP, Felix, policy. As resources of Calico, which go to the Kubernetes API as they are
 * stored, or by calicoctl to etcd.
 */
export function calicoResources(settings: CalicoSettings): CalicoResource[] {
  return [
    ...(settings.agent.type === "felix" ? [clusterInformation(settings.version)] : []),
    felixConfiguration(felixSpec(settings)),
    ...Object.entries(settings.pools).map(([name, pool]) => ipPool(name, pool)),
    ...(settings.bgp.enabled ? [bgpConfiguration(settings), ...peers(settings)] : []),
    ...(settings.autoHostEndpoints ? [kubeControllersConfiguration()] : []),
    ...policyResources(settings, settings.version),
  ];
}

/** calico-node's start-up makes it. Without it Felix waits for a datastore that is ready, for ever. */
export function clusterInformation(version: string, clusterType = "k8s"): CalicoResource {
  return {
    kind: "ClusterInformation",
    metadata: { name: "default" },
    spec: { calicoVersion: version, clusterType, datastoreReady: true },
  };
}

/**
 * Felix reports to no etcd: what calico-node's start-up would say where nobody did. It would write all of the spec anew,
 * in words of its own, which is drift to whoever applied it.
 */
export function felixConfiguration(spec: Record<string, unknown>): CalicoResource {
  return { kind: "FelixConfiguration", metadata: { name: "default" }, spec: { ...spec, reportingInterval: "0s" } };
}

function ipPool(name: string, pool: Pool): CalicoResource {
  const usual = pool.allowedUses.join() === "Workload,Tunnel";
  return {
    kind: "IPPool",
    metadata: { name },
    spec: {
      cidr: pool.cidr,
      blockSize: pool.blockSize,
      ipipMode: modeOf(pool.encapsulation, "IPIP"),
      vxlanMode: modeOf(pool.encapsulation, "VXLAN"),
      natOutgoing: pool.natOutgoing,
      nodeSelector: pool.nodeSelector,
      ...(pool.disabled && { disabled: true }),
      ...(pool.disableBgpExport && { disableBGPExport: true }),
      ...(!usual && { allowedUses: pool.allowedUses }),
      ...(pool.assignment === "Manual" && { assignmentMode: "Manual" }),
    },
  };
}

function bgpConfiguration({ bgp }: CalicoSettings): CalicoResource {
  const blocks = (cidrs: readonly string[]) => cidrs.map((cidr) => ({ cidr }));
  const advertised = Object.entries(bgp.prefixAdvertisements).map(([cidr, communities]) => ({ cidr, communities }));
  return {
    kind: "BGPConfiguration",
    metadata: { name: "default" },
    spec: {
      asNumber: bgp.asNumber,
      nodeToNodeMeshEnabled: bgp.nodeToNodeMesh,
      listenPort: bgp.listenPort,
      ...(bgp.bindMode !== "None" && { bindMode: bgp.bindMode }),
      ...(bgp.meshPassword && { nodeMeshPassword: secretKey(bgp.meshPassword) }),
      ...(bgp.serviceClusterIps.length > 0 && { serviceClusterIPs: blocks(bgp.serviceClusterIps) }),
      ...(bgp.serviceExternalIps.length > 0 && { serviceExternalIPs: blocks(bgp.serviceExternalIps) }),
      ...(bgp.serviceLoadBalancerIps.length > 0 && { serviceLoadBalancerIPs: blocks(bgp.serviceLoadBalancerIps) }),
      ...(Object.keys(bgp.communities).length > 0 && {
        communities: Object.entries(bgp.communities).map(([name, value]) => ({ name, value })),
      }),
      ...(advertised.length > 0 && { prefixAdvertisements: advertised }),
      ...(bgp.ignoredInterfaces.length > 0 && { ignoredInterfaces: bgp.ignoredInterfaces }),
    },
  };
}

function peers({ bgp }: CalicoSettings): CalicoResource[] {
  const reflectors = bgp.routeReflectors
    ? [
        {
          kind: "BGPPeer",
          metadata: { name: "podnet-route-reflectors" },
          spec: { nodeSelector: "all()", peerSelector: `has(${reflectorLabel})` },
        },
      ]
    : [];
  return [
    ...reflectors,
    ...Object.entries(bgp.peers).map(([name, one]) => ({ kind: "BGPPeer", metadata: { name }, spec: peerSpec(one) })),
  ];
}

function peerSpec(peer: BgpPeer): Record<string, unknown> {
  const { peerIp, password, sourceAddress, keepOriginalNextHop, filters, ...same } = peer;
  return JSON.parse(
    JSON.stringify({
      ...same,
      peerIP: peerIp,
      password: password && secretKey(password),
      ...(sourceAddress !== "UseNodeIP" && { sourceAddress }),
      ...(keepOriginalNextHop && { keepOriginalNextHop }),
      ...(filters.length > 0 && { filters }),
    }),
  ) as Record<string, unknown>;
}

function secretKey({ secret, key }: { secret: string; key: string }) {
  return { secretKeyRef: { name: secret, key } };
}

export function kubeControllersConfiguration(): CalicoResource {
  const node = {
    hostEndpoint: { autoCreate: "Enabled" },
    leakGracePeriod: "15m0s",
    reconcilerPeriod: "5m0s",
    syncLabels: "Enabled",
  };
  return {
    kind: "KubeControllersConfiguration",
    metadata: { name: "default" },
    spec: { controllers: { node }, logSeverityScreen: "Info", healthChecks: "Enabled" },
  };
}
