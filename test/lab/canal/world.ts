import { CanalNetwork, type CanalNetworkArgs } from "../../../components";
import type { UpOptions } from "../../../lab";
import { ofTheCluster } from "../kubernetes/calico";
import * as kubernetes from "../kubernetes/world";

export type World = kubernetes.World<CanalNetworkArgs>;

export function world(name: string, nodes: NonNullable<UpOptions["nodes"]>): Promise<World> {
  return kubernetes.world<CanalNetworkArgs>(name, nodes, {
    network: CanalNetwork,
    daemonSet: { namespace: "kube-system", name: "canal" },
    base: (lab) => ({ ...ofTheCluster(lab), flannel: { version: "0.28.4" } }),
  });
}
