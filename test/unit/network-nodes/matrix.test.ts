import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  BridgeNetwork,
  CalicoNetwork,
  CanalNetwork,
  ContivNetwork,
  FlannelNetwork,
  Inventory,
  LinenNetwork,
  NuageNetwork,
  OvnKubernetesNetwork,
  RomanaNetwork,
  WeaveNetwork,
} from "../../../components";
import { rack } from "../contiv/read";
import { program } from "../program";
import { recording } from "../recording";
import { networks, shared } from "./networks";

const engine = recording();
beforeAll(() => engine.start());
afterAll(() => engine.stop());

const nodes = Inventory.of(rack);
type Maker = new (name: string, args: never) => unknown;
const classes: Record<string, Maker> = {
  BridgeNetwork,
  CalicoNetwork,
  CanalNetwork,
  ContivNetwork,
  FlannelNetwork,
  LinenNetwork,
  NuageNetwork,
  OvnKubernetesNetwork,
  RomanaNetwork,
  WeaveNetwork,
};

const make = (type: string, name: string, more: object = {}) => {
  const { component, least } = networks[type] as (typeof networks)[string];
  const { name: _, ...common } = shared;
  const Network = classes[component] as Maker;
  const services = type === "bridge" ? {} : { serviceCidr: common.serviceCidr };
  return () => new Network(name, { podCidr: common.podCidr, ...services, ...least, nodes, ...more } as never);
};
const types = Object.keys(networks);

test("every network of pods that a stack can name is tried", () => {
  const stacks = readFileSync(join(__dirname, "../../../stacks/index.ts"), "utf8");
  const table = /const networks = \{([\s\S]*?)\n\};/.exec(stacks)?.[1] ?? "";
  const named = [...table.matchAll(/^ {2}"?([\w-]+)"?: \w+\(/gm)].map(([, name]) => String(name));
  // On hosts without Kubernetes, where there is no cluster to have one; and what networks may stand on.
  expect(types).toEqual(named.filter((name) => !["calico-hosts", "openvswitch"].includes(name)).sort());
});

describe.each(types)("beside %s", (first) => {
  test.each(types)("%s is refused by name on the same nodes", async (second) => {
    const [taken, refused] = await program(make(first, "one"), make(second, "two"));
    expect(taken).toBe("");
    expect(refused).toMatch(/the network "one", on node1, node2 too/);
  });
});

describe("with addresses of its own", () => {
  // These two attach whoever reads their configuration, and have nothing in a cluster.
  const inKubernetes = types.filter((type) => !["bridge", "linen"].includes(type));
  test.each(inKubernetes)("none of those that attach a cluster's pods stands beside %s", async (first) => {
    for (const second of inKubernetes) {
      const own = { podCidr: "10.200.0.0/16" };
      const [, refused] = await program(make(first, "one"), make(second, "two", own));
      expect(refused, `${second} beside ${first}`).toContain(`the cluster's pod network belongs to the network "one"`);
      expect(refused?.match(/the cluster's pod network belongs/g), `${second} beside ${first}`).toHaveLength(1);
    }
  });
});

test.each(types)("%s of other nodes stands beside the network that comes next here", async (second) => {
  const first = types[(types.indexOf(second) + 1) % types.length] as string;
  const elsewhere = {
    segments: { b: { subnets: ["198.18.8.0/22"] } },
    nodes: {
      node1: { connection: { host: "198.18.8.11" }, nic: "eth0" },
      node2: { connection: { host: "198.18.8.12" }, nic: "eth0" },
    },
  };
  const other = { nodes: Inventory.of(elsewhere), podCidr: "10.200.0.0/16" };
  expect(await program(make(first, "one"), make(second, "two", other))).toEqual(["", ""]);
});
