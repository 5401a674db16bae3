import { CalicoNetwork, type CalicoNetworkArgs } from "../../../components";
import type { UpOptions } from "../../../lab";
import { ofTheCluster } from "../kubernetes/calico";
import * as kubernetes from "../kubernetes/world";

export type World = kubernetes.World<CalicoNetworkArgs>;

export function world(name: string, nodes: NonNullable<UpOptions["nodes"]>): Promise<World> {
  return kubernetes.world<CalicoNetworkArgs>(name, nodes, {
    network: CalicoNetwork,
    daemonSet: { namespace: "kube-system", name: "calico-node" },
    base: ofTheCluster,
  });
}
