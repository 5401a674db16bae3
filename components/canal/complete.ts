import { usualTyphas } from "../calico/complete";
import { isOlder } from "../cni";
import { complete as completeFlannel, type FlannelSettings } from "../flannel/complete";
import type { ParsedSettings as FlannelParsed } from "../flannel/settings";
import { kubernetes } from "../flannel/settings-kubernetes";
import type { NodeChangeSettings } from "../network-nodes/settings";
import type { ParsedSettings } from "./settings";

/** Settings in which nothing is left open. */
export interface CanalSettings extends Omit<ParsedSettings, "typha" | "mtu"> {
  /** The network's name: owner of what stands on the nodes, and the first part of its resources' names. */
  name: string;
  mtu: number;
  typha: { replicas: number };
}

/** Fills in the defaults that depend on other settings. */
export function complete(name: string, parsed: ParsedSettings): CanalSettings {
  const flannel = { ...parsed.flannel, blackholeRoute: parsed.flannel.blackholeRoute ?? hasBlackhole(parsed) };
  const settings = { ...parsed, flannel, name };
  const { underlayMtu, mtu, iface, nodePrefix } = flannelOf(settings);
  return {
    ...settings,
    underlayMtu,
    mtu: mtu as number,
    iface,
    nodePrefix,
    typha: { replicas: parsed.typha.replicas ?? usualTyphas({ ...parsed, install: "manifests" }) },
  };
}

function hasBlackhole({ flannel }: ParsedSettings): boolean {
  return !isOlder(flannel.version, "0.28.1");
}

/**
 * The part that is flannel's, as FlannelNetwork has it. Rules of FORWARD are Calico's: flanneld accepts whatever comes
 * from pods, and where its rule came first, no policy would be asked.
 */
export function flannelOf(settings: Omit<ParsedSettings, "typha"> & { name: string }): FlannelSettings {
  const { name, dataplane, flannel, images, apiServer, namespace, maxUnavailable, cni, nodes, kubeletConfig } =
    settings;
  const { podCidr, nodePrefix, serviceCidr, otherRanges, backend, iface, masquerade, openPorts, modules } = settings;
  const parsed: FlannelParsed = {
    ...pickChanges(settings),
    mode: "kubernetes",
    version: flannel.version,
    nodes,
    podCidr,
    nodePrefix,
    allocation: "cluster",
    serviceCidr,
    otherRanges,
    backend,
    underlayMtu: settings.underlayMtu ?? (nodes ? undefined : 1500),
    mtu: settings.mtu,
    iface,
    masquerade,
    randomPorts: flannel.randomPorts,
    netfilter: dataplane,
    rulesResyncSeconds: flannel.rulesResyncSeconds,
    forwardRules: false,
    blackholeRoute: flannel.blackholeRoute ?? false,
    openPorts,
    modules,
    checksumOffload: settings.checksumOffload,
    hostManagers: settings.hostManagers,
    cni: { ...cni, version: "0.3.1", name: "k8s-pod-network", artifacts: {} },
    hairpin: false,
    portMappings: true,
    kubernetes: {
      ...kubernetes.parse({}),
      namespace,
      images: { flannel: flannel.image, cniPlugin: "" },
      pullPolicy: images.pullPolicy,
      pullSecrets: images.pullSecrets,
      installCniPlugin: false,
      healthPort: flannel.healthPort,
      requests: flannel.requests,
      maxUnavailable,
      eventQueueDepth: flannel.eventQueueDepth,
      kubeletConfig,
      ...(apiServer && { apiServer }),
    },
  };
  return completeFlannel(name, parsed);
}

function pickChanges(settings: NodeChangeSettings): NodeChangeSettings {
  const { rollout, probes, adopt, allowIrreversible, onUnreachable, verification } = settings;
  return { rollout, probes, adopt, allowIrreversible, onUnreachable, verification };
}
