import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Facts } from "../../../components/node/facts";
import { type Item, identity, type Step, satisfies } from "../../../components/node/item";
import type { Manifest } from "../../../components/node/manifest";
import { stateItems } from "../../../components/node/manifest";
import { order } from "../../../components/node/order";
import { plan } from "../../../components/node/plan";
import { type NodeStateDocument, type NodeStateInput, nodeState } from "../../../components/node/state";
import { undo } from "../../../components/node/undo";
import { carryOut, emptyFacts, type World } from "./world";

const subnets = ["10.1.0.0/24", "10.2.0.0/24", "10.3.0.0/24", "fd01::/64"];
const hops = ["192.0.2.1", "192.0.2.2"];
const names = ["net/ipv4/ip_forward", "net/ipv4/conf/all/rp_filter", "net/ipv6/conf/all/forwarding"];
const paths = ["/etc/a.conf", "/etc/b.conf"];

const anyState = fc
  .record({
    routes: fc.uniqueArray(fc.record({ to: fc.constantFrom(...subnets.slice(0, 3)), via: fc.constantFrom(...hops) }), {
      selector: ({ to }) => to,
    }),
    sysctls: fc.dictionary(fc.constantFrom(...names), fc.constantFrom("0", "1", "2")),
    files: fc.uniqueArray(fc.record({ path: fc.constantFrom(...paths), content: fc.constantFrom("x", "y") }), {
      selector: ({ path }) => path,
    }),
    addresses: fc.uniqueArray(
      fc.record({ device: fc.constantFrom("eth0", "eth1"), address: fc.constant("10.9.0.1/24") }),
      {
        selector: ({ device }) => device,
      },
    ),
  })
  .map((state) => nodeState.parse(state));

/** A node's facts as they would be read from such a world. */
function factsOf(world: World): Facts {
  const facts = emptyFacts();
  for (const name of names) facts.sysctls.set(name, "0");
  for (const [name, value] of world) {
    const [kind = "", ...rest] = name.split(" ");
    const key = rest.join(" ");
    if (kind === "sysctl") facts.sysctls.set(key, String(value.value));
    if (kind === "file")
      facts.paths.set(key, { type: "file", mode: String(value.mode), uid: 0, gid: 0, sha256: String(value.sha256) });
    if (kind === "address") {
      const [device = "", address = ""] = rest;
      facts.addresses.push({ device, address, scope: "global", broadcast: null, peer: null, dynamic: false });
    }
    if (kind === "route")
      facts.routes.push({
        ...{ family: "ipv4", to: rest[0] ?? "", table: 254, metric: 0, scope: null, source: null },
        ...{
          via: value.via as string,
          device: "eth0",
          protocol: String(value.protocol),
          onlink: false,
          unsupported: [],
        },
      });
  }
  return facts;
}

function manifestOf(state: NodeStateDocument, origins: Item[]): Manifest {
  return { version: 1, owner: "o", node: "n", change: "c", state, derived: [], origins };
}

const start: World = new Map(names.map((name) => [`sysctl ${name}`, { value: "0" }]));

function planned(world: World, state: NodeStateDocument, manifest?: Manifest) {
  return plan({ items: stateItems(state), manifest, facts: factsOf(world), adopt: true });
}

function plain(world: World): Record<string, unknown> {
  const relevant = [...world].map(([name, { value, via, sha256 }]) => [name, value ?? via ?? sha256 ?? true]);
  return Object.fromEntries(relevant.sort());
}

describe("a plan", () => {
  test("makes what is wanted, and its undo restores what was", () => {
    fc.assert(
      fc.property(anyState, anyState, (found, wanted) => {
        const world = carryOut(start, planned(start, found).steps);
        const { steps, undo: back } = planned(world, wanted);
        const after = carryOut(world, steps);
        for (const item of stateItems(wanted))
          expect(satisfies(after.get(identity(item)) ?? null, item.value)).toBe(true);
        expect(plain(carryOut(after, back))).toEqual(plain(world));
      }),
    );
  });

  test("has nothing to do a second time", () => {
    fc.assert(
      fc.property(anyState, (wanted) => {
        const first = planned(start, wanted);
        const again = planned(carryOut(start, first.steps), wanted, manifestOf(wanted, first.origins));
        expect(again.steps).toEqual([]);
        expect(again.origins).toEqual(first.origins);
      }),
    );
  });

  test("for nothing puts back what was there before the owner, whatever the owner wanted in between", () => {
    fc.assert(
      fc.property(anyState, anyState, anyState, (found, one, two) => {
        const before = carryOut(start, planned(start, found).steps.map(foreign));
        const first = planned(before, one);
        const between = carryOut(before, first.steps);
        const second = planned(between, two, manifestOf(one, first.origins));
        const last = carryOut(between, second.steps);
        const removal = planned(last, nodeState.parse({}), manifestOf(two, second.origins));
        expect(plain(carryOut(last, removal.steps))).toEqual(plain(before));
      }),
    );
  });
});

/** Routes of somebody else do not carry podnet's protocol number. */
function foreign<T extends { kind: string; to: Record<string, unknown> | null }>(step: T): T {
  return step.kind === "route" && step.to ? { ...step, to: { ...step.to, protocol: "static" } } : step;
}

describe("what is in the way", () => {
  test("of somebody else is a problem that names it, and adopt takes it over", () => {
    const world: World = new Map([["route 10.1.0.0/24 table 254 metric 0", { via: "192.0.2.9", protocol: "static" }]]);
    const state = nodeState.parse({ routes: [{ to: "10.1.0.0/24", via: "192.0.2.1" }] });
    const refused = plan({ items: stateItems(state), manifest: undefined, facts: factsOf(world), adopt: false });
    expect(refused.problems).toEqual([
      "route 10.1.0.0/24 table 254 metric 0 is there already and was not made by podnet: remove it, or take it over with adopt: true",
    ]);
    const adopted = planned(world, state);
    expect(adopted.problems).toEqual([]);
    expect(adopted.origins[0]?.value).toMatchObject({ via: "192.0.2.9", protocol: "static" });
  });

  test("of the same kind but with attributes that cannot be written again is irreversible", () => {
    const facts = emptyFacts();
    facts.routes.push({
      ...{ family: "ipv4", to: "0.0.0.0/0", via: null, device: null, table: 254, metric: 0, protocol: "static" },
      ...{ scope: null, source: null, onlink: false, unsupported: ["nexthops"] },
    });
    const state = nodeState.parse({ routes: [{ to: "default", via: "192.0.2.1" }] });
    const made = plan({ items: stateItems(state), manifest: undefined, facts, adopt: true });
    expect(made.irreversible).toEqual(["the route 0.0.0.0/0 has attributes podnet cannot write again: nexthops"]);
  });
});

describe("a device of somebody else", () => {
  const other = (type: string, details: Record<string, unknown> = {}) => {
    const facts = emptyFacts();
    const common = { mac: "02:00:00:00:00:01", mtu: 1450, up: true, master: null };
    facts.links.set("vx0", { name: "vx0", type, details, ...common });
    return facts;
  };
  const state = nodeState.parse({ links: [{ type: "vxlan", name: "vx0", vni: 2, local: "192.0.2.1", mtu: 1450 }] });
  const problems = (facts: Facts, adopt = true) =>
    plan({ items: stateItems(state), manifest: undefined, facts, adopt }).problems;
  const same = { id: 2, port: 4789, local: "192.0.2.1", learning: true };

  test("is taken over with adopt when it is such a device", () => {
    expect(problems(other("vxlan", same))).toEqual([]);
    expect(problems(other("vxlan", same), false)).toEqual([]);
  });

  test.each([true, false])("is refused when another one would have to be made in its place (adopt: %s)", (adopt) => {
    expect(problems(other("vxlan", { ...same, id: 7, learning: false }), adopt)).toEqual([
      "link vx0 is there already, was not made by podnet and is another device (vni=7 learning=false, wanted vni=2 " +
        "learning=true), which the kernel cannot change and podnet could not put back: remove it, or take another name",
    ]);
    expect(problems(other(""), adopt)[0]).toContain("is another device (type=NIC, wanted type=vxlan)");
  });
});

test("what goes with all that it brought does so on the way back too, and is the same when it is there again", () => {
  const rule = { kind: "iptables" as const, key: '["ipv4","filter","FORWARD","-j","ACCEPT"]', value: {}, purge: true };
  const made = plan({ items: [rule], manifest: undefined, facts: emptyFacts(), adopt: false });
  expect(made.undo).toEqual([{ kind: "iptables", key: rule.key, from: { purge: true }, to: null }]);
  expect(satisfies({}, made.steps[0]?.to ?? null)).toBe(true);
});

test("the order of work moves an address before the route through it is set, also on the way back", () => {
  const steps: Step[] = [
    { kind: "route", key: "0.0.0.0/0 table 254 metric 0", from: { device: "eth0" }, to: { device: "br0" } },
    { kind: "address", key: "br0 192.0.2.2/24", from: null, to: {} },
    { kind: "address", key: "eth0 192.0.2.2/24", from: {}, to: null },
    { kind: "link", key: "br0", from: null, to: { type: "bridge" } },
  ];
  const names = (list: Step[]) => list.map(({ kind, key, to }) => `${to ? "+" : "-"}${kind} ${key.split(" ")[0]}`);
  expect(names(order(steps))).toEqual(["+link br0", "+address br0", "-address eth0", "+route 0.0.0.0/0"]);
  expect(names(undo(steps, emptyFacts()))).toEqual(["+address eth0", "-address br0", "+route 0.0.0.0/0", "-link br0"]);
});

test("a tunnel that must be made anew goes first and comes last, also on the way back, with all that was on it", () => {
  const tunnel = (vni: number): NodeStateInput => ({
    links: [{ type: "vxlan", name: "vx0", vni, local: "192.0.2.1" }],
    addresses: [{ device: "vx0", address: "10.244.0.0/32" }],
    routes: [{ to: "10.244.1.0/24", via: "network", device: "vx0", onlink: true }],
  });
  const [before, after] = [nodeState.parse(tunnel(1)), nodeState.parse(tunnel(2))];
  const facts = emptyFacts();
  const details = { id: 1, port: 4789, local: "192.0.2.1", learning: true };
  facts.links.set("vx0", {
    name: "vx0",
    type: "vxlan",
    mac: "02:00:00:00:00:01",
    mtu: 1450,
    up: true,
    master: null,
    details,
  });
  const on = { device: "vx0", scope: "global", broadcast: null, peer: null, dynamic: false };
  facts.addresses.push({ address: "10.244.0.0/32", ...on });
  facts.routes.push({
    ...{ family: "ipv4", to: "10.244.1.0/24", via: "10.244.1.0", device: "vx0", table: 254, metric: 0, protocol: "98" },
    ...{ scope: null, source: null, onlink: true, unsupported: [] },
  });
  const made = plan({ items: stateItems(after), manifest: manifestOf(before, []), facts, adopt: false });
  const words = (list: Step[]) => list.map(({ kind, to }) => `${to ? "+" : "-"}${kind}`);
  const anew = ["-route", "-address", "-link", "+link", "+address", "+route"];
  expect(words(made.steps)).toEqual(anew);
  expect(words(made.undo)).toEqual(anew);
  expect(made.undo[3]?.to).toMatchObject({ vni: 1 });
});
