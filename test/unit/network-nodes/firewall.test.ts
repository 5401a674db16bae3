import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { z } from "zod";
import { Inventory } from "../../../components";
import { prepareNodes } from "../../../components/network-nodes";
import { openedPorts, openToAll, tcpPort, udpPort } from "../../../components/network-nodes/firewall";
import { nodeChangeFields } from "../../../components/network-nodes/settings";
import { recording } from "../recording";

const registered = recording();
beforeAll(() => registered.start());
afterAll(() => registered.stop());

const inventory = (count: number, segments = {}) =>
  Inventory.of({
    nodes: Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `node${index}`,
        {
          connection: { host: `198.18.0.${index + 11}` },
          addresses: [`198.18.0.${index + 11}`, `fd00::${index + 11}`],
        },
      ]),
    ),
    segments,
  });
const esp = { protocol: "esp", protocolNumber: 50 } as const;
const statesOf = (nodes: Inventory) =>
  Object.fromEntries(
    nodes.nodes.map((node) => [
      node.name,
      { iptables: openedPorts([udpPort(8472), tcpPort(5473), esp], ["ipv4", "ipv6"], node, nodes) },
    ]),
  );

test("ports are accepted from the segments' subnets, and nothing is said", () => {
  const nodes = inventory(2, { a: { subnets: ["198.18.0.0/24", "fd00::/64"] } });
  const states = statesOf(nodes);
  expect(states.node0?.iptables.map(({ rule }) => rule.slice(0, 2))).toEqual([
    ...Array(3).fill(["-s", "198.18.0.0/24"]),
    ...Array(3).fill(["-s", "fd00::/64"]),
  ]);
  expect(openToAll(states)).toEqual([]);
});

test("a port that is accepted from anywhere is told once, with the nodes, the port and the way out", async () => {
  const told = vi.spyOn(pulumi.log, "warn").mockImplementation(async () => undefined);
  const nodes = inventory(7);
  const said = z.strictObject(nodeChangeFields).parse({});
  const made = prepareNodes({ ...said, name: "open", nodes }, pulumi.output(statesOf(nodes)), {});
  await Promise.all(made.map(({ urn }) => registered.resolved(urn)));
  expect(told.mock.calls.map(([text]) => text)).toEqual([
    "openPorts accepts ipv4: udp 8472, ipv4: tcp 5473, ipv4: protocol 50, ipv6: udp 8472, ipv6: tcp 5473, ipv6: protocol 50 from any address on " +
      "node0, node1, node2, node3, node4 and 2 more: who reaches a node can send packets into the network. " +
      "Describe the nodes' segments with their subnets in the inventory, and only these are accepted",
  ]);
  told.mockRestore();
});
