import { FlannelNetwork, type FlannelNetworkArgs } from "../../../components";
import type { UpOptions } from "../../../lab";
import * as kubernetes from "../kubernetes/world";
import { detachAll } from "../pods";

export type World = kubernetes.World<FlannelNetworkArgs>;

export function world(name: string, nodes: NonNullable<UpOptions["nodes"]>): Promise<World> {
  return kubernetes.world<FlannelNetworkArgs>(name, nodes, {
    network: FlannelNetwork,
    daemonSet: { namespace: "kube-flannel", name: "kube-flannel" },
    base: () => ({
      version: "0.28.4",
      podCidr: "10.244.0.0/16",
      serviceCidr: "10.96.0.0/16",
      rollout: { windowSeconds: 90 },
      kubernetes: { pullPolicy: "Never", kubeletConfig: "/etc/kubernetes/kubelet.kubeconfig" },
    }),
  });
}

/** Also detaches the pods that the cluster does not know. */
export function leftBehind(place: World, nodes: readonly string[]): Promise<string[]> {
  return kubernetes.leftBehind(place, nodes, () => detachAll(place.lab, nodes));
}
