import { basename } from "node:path";
import { quote } from "../../components/node/quote";
import type { Boot } from "../boot";
import type { Artifacts } from "./artifacts";
import { imagesInNode } from "./node-scripts";

/** How a node of the cluster starts, on the layers of a full one. */
export function memberBoot(
  lab: string,
  folder: string,
  { node, control, images }: Pick<Artifacts, "node" | "control" | "images">,
  layers: readonly string[],
): Boot {
  // Containers have overlays of their own, which cannot stand on an overlay.
  const plain = ["containerd", "kubelet"].map((program) => ({
    own: `${folder}/${program}`,
    at: `/var/lib/${program}`,
  }));
  const words = [
    ...plain.map(({ own, at }) => `--bind=${own}:${at}`),
    `--bind-ro=${images}:${imagesInNode}/${basename(images)}`,
    // A cluster's packages bring it to every node.
    `--bind-ro=${control}/kubectl:/usr/local/bin/kubectl`,
    "--bind=/dev/kmsg",
    "--system-call-filter=@mount perf_event_open",
  ];
  return {
    layers: [node, ...layers],
    prepare: `mkdir -p ${plain.map(({ own }) => quote(own)).join(" ")}\n${groups(lab)}`,
    nspawn: words.map(quote).join(" "),
  };
}

/**
 * Kubelet makes groups in each hierarchy that the machine has. Where there is one for all, a controller is in a node's
 * groups only when those above pass it on.
 */
const groups = (lab: string) => `if [ ! -e /sys/fs/cgroup/cgroup.controllers ]; then
  export SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=0
else
  for group in /sys/fs/cgroup/podnet-lab /sys/fs/cgroup/podnet-lab/${lab}; do
    for controller in $(cat "$group/cgroup.controllers"); do
      echo "+$controller" > "$group/cgroup.subtree_control"
    done
  done
fi
`;
