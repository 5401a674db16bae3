import type { Lab } from "../../lab";
import type { Pod } from "../../lab/pods";

/** Where pods to send packets from are had: one on each of these nodes. */
export type PodsOn = (lab: Lab, nodes: readonly string[]) => Promise<Pod[]>;

/** One pod on each node, attached by the real CNI plugins from what podnet wrote; pods from before a reboot go first. */
export const attachAll: PodsOn = (lab, nodes) => Promise.all(nodes.map((node) => lab.attachPod(node, "pod")));

/** Also takes away the empty result cache of the lab's container runtime: it is the runtime's, not the network's. */
export async function detachAll(lab: Lab, nodes: readonly string[]): Promise<void> {
  await Promise.all(nodes.map((node) => lab.detachPod(node, "pod")));
  await Promise.all(nodes.map((node) => lab.exec(node, "rmdir /var/lib/cni/results")));
}

/** Pairs of pods that do not reach each other, as "node1 → 10.244.1.2 of node2", over every address of each pod. */
export async function lostPairs(lab: Lab, nodes: readonly string[], size?: number): Promise<string[]> {
  const pods = await attachAll(lab, nodes);
  const families = new Set(pods.map((pod) => pod.addresses.length));
  if (families.size !== 1 || families.has(0)) throw new Error("the pods do not have the same address families");
  const results = await lab.pingMatrix(pods, size === undefined ? {} : { size });
  return results
    .filter((result) => !result.reached)
    .map(({ from, to, address }) => `${from.node} → ${address} of ${to.node}`);
}
