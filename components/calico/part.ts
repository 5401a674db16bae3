import { felixNode } from "./felix-pod";
import { calicoNode, type NodePod, type Part } from "./node-pod";

/** The part of a node's pod that is Calico's, by what runs there. */
export function partOf(pod: NodePod): Part {
  const { agent } = pod;
  return agent.type === "felix" ? felixNode({ ...pod, agent }) : calicoNode(pod);
}
