import { type BridgeSettings, complete } from "../bridge/complete";
import { bridgeSettings, type ParsedSettings } from "../bridge/settings";
import type { WithNodes } from "./complete";
import { bridge, files } from "./names";

/** The part that BridgeNetwork would have: a subnet behind each node, and routes to the others'. */
export function parsedBridge(settings: WithNodes): ParsedSettings {
  const { nodes, podCidr, nodePrefix, serviceCidr, otherRanges, mtu, masquerade, artifacts, routes } = settings;
  const { rollout, probes, adopt, allowIrreversible, onUnreachable, verification, networkManager } = settings;
  return {
    ...bridgeSettings.parse({ nodes, podCidr }),
    ...{ rollout, probes, adopt, allowIrreversible, onUnreachable, verification },
    nodePrefix: { ipv4: nodePrefix },
    serviceCidr,
    otherRanges,
    mtu,
    bridge,
    ...(routes && { routes }),
    masquerade: { ipv4: masquerade, except: [] },
    cni: bridgeSettings.shape.cni.parse({ fileName: files.cni, artifacts }),
    hostManagers: { networkManager, networkd: false },
  };
}

export function bridgeOf(settings: WithNodes): BridgeSettings {
  return complete(settings.name, parsedBridge(settings));
}
