import { settingsProblems, settingsWarnings } from "../../../components/flannel/check";
import { complete } from "../../../components/flannel/complete";
import { type FlannelNetworkArgs, flannelSettings } from "../../../components/flannel/settings";
import type { InventoryInput } from "../../../components/inventory";
import { reader } from "../reader";

/** Settings as a test writes them: the inventory in place. */
export type Written = Omit<FlannelNetworkArgs, "nodes"> & { nodes?: InventoryInput };

export const { read, refusal, warnings } = reader<Written, typeof flannelSettings, ReturnType<typeof complete>>({
  type: "FlannelNetwork",
  schema: flannelSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
});

/** Two nodes of one segment. */
export const rack: InventoryInput = {
  segments: { a: { subnets: ["198.18.0.0/22", "fd98:0:a::/64"] } },
  nodes: {
    node1: { connection: { host: "198.18.0.11" }, addresses: ["198.18.0.11", "fd98:0:a::11"], nic: "eth0" },
    node2: { connection: { host: "198.18.0.12" }, addresses: ["198.18.0.12", "fd98:0:a::12"], nic: "eth0" },
  },
};

/** A third, behind a router. */
export const twoSegments: InventoryInput = {
  segments: { ...rack.segments, b: { subnets: ["198.18.4.0/22", "fd98:0:b::/64"] } },
  nodes: {
    ...rack.nodes,
    node3: { connection: { host: "198.18.4.11" }, addresses: ["198.18.4.11", "fd98:0:b::11"], nic: "eth0" },
  },
};

/** An etcd as hosts reach it. */
export const etcd = {
  endpoints: ["https://198.18.0.1:2379"],
  tls: { ca: "/etc/etcd/ca.pem", certificate: "/etc/etcd/client.pem", key: "/etc/etcd/client.key" },
};
