import * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { Inventory, type InventoryInput } from "../../../components/inventory";

const segments = {
  a: { subnets: ["198.18.0.0/22", "fd98:0:a::/64"], routers: ["198.18.0.1"] },
  b: { subnets: ["198.18.4.0/22"], routers: ["198.18.4.1"] },
};

function messageOf(value: unknown): string {
  try {
    Inventory.of(value as InventoryInput, "rack1.yaml");
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error("the inventory was taken");
}

test("what is not said has its default", () => {
  const inventory = Inventory.of({
    defaults: { connection: { user: "admin", key: { file: "~/.ssh/rack" }, become: true } },
    segments,
    nodes: {
      node1: { connection: { host: "198.18.0.11" } },
      node3: { connection: { host: "rack.example", user: "root" }, addresses: ["198.18.4.11"], nic: "eno1", mtu: 9000 },
    },
  });
  expect(inventory.nodes).toMatchObject([
    {
      name: "node1",
      addresses: ["198.18.0.11"],
      segment: "a",
      mtu: 1500,
      connection: { host: "198.18.0.11", port: 22, user: "admin", become: true, key: { file: "~/.ssh/rack" } },
    },
    { name: "node3", addresses: ["198.18.4.11"], segment: "b", nic: "eno1", mtu: 9000, connection: { user: "root" } },
  ]);
});

test("nodes without segments share one", () => {
  const { nodes, segments: found } = Inventory.of({ nodes: { a: { connection: { host: "10.0.0.1" } } } });
  expect([nodes[0]?.segment, Object.keys(found)]).toEqual(["default", ["default"]]);
});

test("a key may be a Pulumi secret, for a node and for its bastion", () => {
  const secret = pulumi.secret("key") as unknown as string;
  const connection = { host: "10.0.0.1", key: { secret }, jump: { host: "10.0.0.254", key: { secret } } };
  const { nodes } = Inventory.of({ nodes: { a: { connection } } });
  expect(nodes[0]?.connection.key).toEqual({ secret });
  expect(nodes[0]?.connection.jump?.key).toEqual({ secret });
});

test("a part of the nodes, and a name that is none of them", () => {
  const inventory = Inventory.of({
    segments,
    nodes: { node1: { connection: { host: "198.18.0.11" } }, node3: { connection: { host: "198.18.4.11" } } },
  });
  expect(inventory.only(["node3"]).nodes).toMatchObject([{ name: "node3", segment: "b" }]);
  expect(() => inventory.only(["node2"])).toThrow("there is no node node2");
});

describe("refused", () => {
  test("every problem at once, each with the path, the value and the way out", () => {
    const message = messageOf({
      segments,
      nodes: {
        node1: { connection: { host: "198.18.0.11", prot: 22 } },
        node2: { connection: { host: "198.18.0.12", port: 70000 }, adresses: ["198.18.0.11"] },
        node3: { connection: { host: "198.18.9.1" } },
        node4: { connection: { host: "node4" } },
        node5: { connection: { host: "x" }, addresses: ["198.18.0.0/24"], segment: "c" },
        node6: { connection: { host: "198.18.0.13" }, segment: "z" },
        node7: { connection: { host: "y" }, addresses: ["198.18.0.13", "198.18.0.14"] },
      },
    });
    expect(message).toContain('unknown option "prot"; did you mean "port"?');
    expect(message).toContain('unknown option "adresses"; did you mean "addresses"?');
    expect(message).toMatch(/→ at nodes\.node2\.connection\.port, value 70000/);
    expect(message).toContain("node3 is in no segment's subnet");
    expect(message).toContain('node4 has no address, and its host "node4" is a name');
    expect(message).toContain('"198.18.0.0/24" is a CIDR where one address is asked for');
    expect(message).toContain('node6 is in the segment "z", which is not described');
    expect(message).toContain("known are: a, b");
    expect(message).toContain("node7 has the address 198.18.0.13, which node6 has too");
    expect(message).toContain("node7 has 2 address values of family ipv4");
    expect(message).toMatch(/^rack1\.yaml: 1\d problems\n/);
  });

  test("two names for one machine", () => {
    const connection = { host: "bmc.example" };
    const message = messageOf({
      nodes: { a: { connection, addresses: ["10.0.0.1"] }, b: { connection, addresses: ["10.0.0.2"] } },
    });
    expect(message).toContain("b has the SSH endpoint bmc.example:22, which a has too");
  });

  test("a router outside its segment, segments that overlap", () => {
    const message = messageOf({
      segments: { a: { subnets: ["10.0.0.0/16"], routers: ["10.1.0.1"] }, b: { subnets: ["10.0.1.0/24"] } },
      nodes: { n: { connection: { host: "10.0.0.1" } } },
    });
    expect(message).toContain("the router 10.1.0.1 of segment a is in none of its subnets (10.0.0.0/16)");
    expect(message).toContain("segment a (10.0.0.0/16) overlaps segment b (10.0.1.0/24)");
  });

  test("a node's address outside the segment it names", () => {
    const message = messageOf({ segments, nodes: { n: { connection: { host: "198.18.4.9" }, segment: "a" } } });
    expect(message).toContain("n's address 198.18.4.9 is in no subnet of segment a");
  });

  test("a private key never shows in a problem", () => {
    const message = messageOf({ nodes: { n: { connection: { host: "10.0.0.1", key: "BEGIN PRIVATE" } } } });
    expect(message).toContain("nodes.n.connection.key");
    expect(message).not.toContain("BEGIN PRIVATE");
  });

  test("an inventory without nodes", () => {
    expect(messageOf({ nodes: {} })).toContain("there is no node");
  });
});
