import type { Residue } from "../network-nodes/residue";
import { conflistPath, type NuageSettings } from "./complete";

/** What Nuage leaves on a node: upstream has no removal of its own. */
export function residue(settings: NuageSettings): Residue {
  const { cni, folders } = settings;
  return {
    processes: ["nuage-cni-k8s", "nuagekubemon", "nuage-openshift", "nuage-SysMon"],
    bridges: [cni.bridge],
    links: ["svc-pat-tap", "svc-rl-tap1", "svc-rl-tap2", "svc-spat-tap"],
    // Rules that its installer puts into chains of others, told by their comments; and the mark of node ports.
    rules: [
      "--comment nuage-vxlan",
      "--comment nuage-overlay-underlay",
      "--comment nuage-underlay-overlay",
      "-o svc-pat-tap",
    ],
    paths: [
      conflistPath(settings),
      `${folders.binaries}/nuage-cni-k8s`,
      "/etc/default/nuage-cni.yaml",
      "/usr/share/vsp-k8s",
      "/usr/share/nuagekubemon",
      "/var/lib/nuage-cni",
      "/var/log/nuagekubemon",
    ],
    patterns: ["/var/log/cni/nuage-*"],
    folders: ["/var/log/cni"],
  };
}
