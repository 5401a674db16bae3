import { expect, test } from "vitest";
import { importDocument } from "../../../../commands/import/document";
import { hosts } from "../../../../components/bridge/host";
import { nodeState } from "../../../../components/node/state";
import { read, twoSegments, type Written } from "../../bridge/read";

const subnets = { node1: ["10.244.5.0/24"], node2: ["10.244.0.0/24"], node3: ["10.244.3.0/24"] };

function document(written: Written, given: Record<string, string[]>) {
  const states = hosts(read(written), given);
  const found = Object.entries(states).map(([node, state]) => ({
    node,
    id: `ssh://root@${node}/pods`,
    state: nodeState.parse(state),
  }));
  return importDocument("pods", "BridgeNetwork", found).resources;
}

test("the component, the subnets that the nodes have, and each node's part below it", () => {
  const routed: Written = { nodes: twoSegments, podCidr: "10.244.0.0/16", crossSegment: "vxlan" };
  expect(document(routed, subnets)).toEqual([
    { type: "podnet:index:BridgeNetwork", name: "pods", component: true },
    {
      type: "podnet:index:AddressPlan",
      name: "pods-addresses",
      logicalName: "pods",
      id: "node1=10.244.5.0/24;node2=10.244.0.0/24;node3=10.244.3.0/24",
      parent: "pods",
    },
    ...["node1", "node2", "node3"].map((node) => ({
      type: "podnet:index:NodeState",
      name: `pods-${node}`,
      id: `ssh://root@${node}/pods`,
      parent: "pods",
    })),
  ]);
});

const rack = {
  segments: { a: { subnets: ["198.18.0.0/22"] } },
  nodes: {
    node1: { connection: { host: "198.18.0.11" }, nic: "eth0" },
    node2: { connection: { host: "198.18.0.12" }, nic: "eth0" },
  },
};
const flat = { nodes: rack, shape: "flat" as const, podCidr: "198.18.0.0/22" };

test("parts of a flat network's pool are told from their ranges, at both ends of the network too", () => {
  const written: Written = { ...flat, flat: { gateway: "198.18.0.1", pool: "198.18.3.0/24" } };
  const parts = { node1: ["198.18.3.240/28"], node2: ["198.18.3.16/28"] };
  expect(document(written, parts)[1]?.id).toBe("node1=198.18.3.240/28;node2=198.18.3.16/28");
});

test("where the user wrote ranges down, or a DHCP server gives addresses, there is no plan", () => {
  const ranges = {
    node1: { start: "198.18.3.5", end: "198.18.3.9" },
    node2: { start: "198.18.3.10", end: "198.18.3.90" },
  };
  const types = (written: Written) => document(written, { node1: [], node2: [] }).map(({ type }) => type);
  expect(types({ ...flat, flat: { gateway: "198.18.0.1", ranges } })).not.toContain("podnet:index:AddressPlan");
  expect(types({ ...flat, flat: { ipam: "dhcp" } })).not.toContain("podnet:index:AddressPlan");
});
