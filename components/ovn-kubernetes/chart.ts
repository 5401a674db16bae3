import type { OvnKubernetesSettings } from "./complete";
import { clusterSubnets, gatewayOptions } from "./environment";
import { kubelet, volumesOf } from "./mounts";
import { names } from "./names";
import type { WebhookCertificate } from "./webhooks";
import { zoneContainer } from "./zone";

type Values = Record<string, unknown>;

/** Values of upstream's chart of 1.3, with everything that podnet knows said: the chart's own defaults decide nothing. */
export function chartValues(settings: OvnKubernetesSettings): Values {
  const { chart, serviceCidr, apiServer, mtu } = settings;
  const values = {
    tags: {
      "ovn-ipsec": false,
      "ovnkube-db": false,
      "ovnkube-db-raft": false,
      "ovnkube-master": false,
      "ovnkube-node": false,
      "ovnkube-node-dpu": false,
      "ovnkube-node-dpu-host": false,
      "ovnkube-zone-controller": false,
    },
    k8sAPIServer: apiServer.replace(/\/$/, ""),
    podNetwork: clusterSubnets(settings),
    serviceNetwork: serviceCidr.join(","),
    mtu,
    // The chart would ask the cluster for what is there, and a preview would not be known.
    skipCallToK8s: true,
    global: { skipCallToK8s: true, ...globalValues(settings) },
  };
  return merged(values, chart?.values ?? {});
}

function globalValues(settings: OvnKubernetesSettings): Values {
  const { features, subnets, gateway, identity, ovn, flowExport, image, encapPort } = settings;
  // The chart's word for what is off is an empty text.
  const ifOn = (value: boolean) => (value ? true : "");
  return {
    image: { repository: image.repository, tag: image.tag, pullPolicy: image.pullPolicy },
    encapPort,
    gatewayMode: gateway.mode,
    gatewayOpts: gatewayOptions(settings),
    unprivilegedMode: settings.unprivileged,
    v4JoinSubnet: subnets.joinIpv4,
    v6JoinSubnet: subnets.joinIpv6,
    v4MasqueradeSubnet: subnets.masqueradeIpv4,
    v6MasqueradeSubnet: subnets.masqueradeIpv6,
    v4TransitSubnet: subnets.transitIpv4,
    v6TransitSubnet: subnets.transitIpv6,
    enableInterconnect: true,
    enableOvnKubeIdentity: identity.enabled,
    enableSsl: false,
    enableIpsec: false,
    enableEgressIp: features.egressIp,
    egressIpHealthCheckPort: features.egressIpHealthPort,
    enableEgressService: features.egressService,
    enableEgressFirewall: features.egressFirewall,
    enableEgressQos: features.egressQos,
    enableMultiExternalGateway: features.externalRoutes,
    enableAdminNetworkPolicy: features.adminNetworkPolicy,
    enableMultiNetwork: features.multiNetwork,
    enableNetworkSegmentation: features.userDefinedNetworks,
    enableNetworkQos: features.networkQos,
    enableRouteAdvertisements: features.routeAdvertisements,
    enablePersistentIPs: features.persistentIps,
    enableSvcTemplate: features.serviceTemplates,
    enableMulticast: ifOn(features.multicast),
    enableHybridOverlay: ifOn(features.hybridOverlay.length > 0),
    hybridOverlayNetCidr: features.hybridOverlay.join(","),
    enableLFlowCache: ovn.flowCache,
    aclLoggingRateLimit: ovn.aclLogsPerSecond,
    remoteProbeInterval: ovn.remoteProbeMs,
    monitorAll: ovn.monitorAll,
    ofctrlWaitBeforeClear: ovn.clearWaitMs,
    disableSnatMultipleGws: ifOn(settings.keepAddressAtGateways),
    disableForwarding: ifOn(settings.restrictForwarding),
    disablePacketMtuCheck: ifOn(!settings.checkPacketMtu),
    emptyLbEvents: ifOn(settings.emptyServiceEvents),
    netFlowTargets: flowExport.netflow.join(","),
    sflowTargets: flowExport.sflow.join(","),
    ipfixTargets: flowExport.ipfix.join(","),
    ipfixSampling: flowExport.ipfixSampling,
    ipfixCacheMaxFlows: flowExport.ipfixCacheMaxFlows,
    ipfixCacheActiveTimeout: flowExport.ipfixCacheActiveSeconds,
  };
}

const isValues = (value: unknown): value is Values =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function merged(own: Values, further: Values): Values {
  const both = Object.entries(further).map(([key, value]) => [
    key,
    isValues(own[key]) && isValues(value) ? merged(own[key], value) : (own[key] ?? value),
  ]);
  return { ...own, ...Object.fromEntries(both) };
}

/** Paths of further values that are podnet's to say. */
export function clashesOf(own: Values, further: Values, path = ""): string[] {
  return Object.entries(further).flatMap(([key, value]) =>
    !(key in own)
      ? []
      : isValues(own[key]) && isValues(value)
        ? clashesOf(own[key], value, `${path}${key}.`)
        : [`${path}${key}`],
  );
}

/**
 * One object of the chart as podnet makes it, or undefined where it stays as it is. The chart makes a certificate anew
 * whenever it is rendered, for a year, and knows no Open vSwitch but that of its own pods.
 */
export function overlaid(
  settings: OvnKubernetesSettings,
  certificate: WebhookCertificate | undefined,
  object: Values,
): Values | undefined {
  const { kind, metadata } = object as { kind?: string; metadata?: { name?: string } };
  if (kind === "Secret" && metadata?.name === names.webhookCertificate && certificate) {
    const { data: _, ...rest } = object;
    return { ...rest, stringData: { "tls.crt": certificate.certificate, "tls.key": certificate.key } };
  }
  if (kind === "ValidatingWebhookConfiguration" && certificate) {
    const hooks = object.webhooks as { clientConfig: object }[];
    const caBundle = certificate.authorityBase64;
    return {
      ...object,
      webhooks: hooks.map((hook) => ({ ...hook, clientConfig: { ...hook.clientConfig, caBundle } })),
    };
  }
  if (kind === "DaemonSet" && metadata?.name === names.identity && certificate)
    return withPod(object, {}, { "podnet.dev/certificate": certificate.mark });
  if (kind === "DaemonSet" && metadata?.name === names.node) return inZone(settings, object);
  // No node has this label: its pods would wait for the node's own Open vSwitch to end.
  if (kind === "DaemonSet" && metadata?.name === names.openvswitch && settings.openvswitch === "host")
    return withPod(object, { nodeSelector: { "podnet.dev/openvswitch": "pod" } }, {});
  return undefined;
}

/** The chart leaves it to the user to say which zone a node is in. Its own volumes have other names. */
function inZone(settings: OvnKubernetesSettings, object: Values): Values {
  const { volumes = [], initContainers = [] } = (object as Workload).spec.template.spec as Record<string, unknown[]>;
  const zone = zoneContainer(settings);
  const own = volumesOf(kubelet(settings.kubeletConfig)).map((volume) => ({
    ...volume,
    name: `podnet-${volume.name}`,
  }));
  const volumeMounts = zone.volumeMounts?.map((mount) => ({ ...mount, name: `podnet-${mount.name}` }));
  return withPod(
    object,
    { initContainers: [{ ...zone, volumeMounts }, ...initContainers], volumes: [...volumes, ...own] },
    {},
  );
}

interface Workload extends Values {
  spec: { template: { metadata?: { annotations?: Values }; spec: Values } };
}

function withPod(object: Values, pod: Values, annotations: Values): Values {
  const { spec, ...rest } = object as Workload;
  const { template } = spec;
  const metadata = {
    ...template.metadata,
    ...(Object.keys(annotations).length > 0 && { annotations: { ...template.metadata?.annotations, ...annotations } }),
  };
  return { ...rest, spec: { ...spec, template: { ...template, metadata, spec: { ...template.spec, ...pod } } } };
}
