import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { driftOf } from "../../../components/node/drift";
import { factsScript } from "../../../components/node/facts-script";
import { ownedItems, parseManifest, stateItems } from "../../../components/node/manifest";
import { parseFacts } from "../../../components/node/parse-facts";
import { plan } from "../../../components/node/plan";
import { questionsFor } from "../../../components/node/questions";
import { nodeState } from "../../../components/node/state";

const text = readFileSync(join(__dirname, "facts/routed-node.txt"), "utf8");

test("facts of a real node are read as links, addresses, routes, rules, tables and files", () => {
  const facts = parseFacts(text);
  expect(facts.links.get("podnet0")).toMatchObject({ type: "bridge", mtu: 1450, up: true, mac: "02:00:00:00:00:01" });
  expect(facts.links.get("podvx")?.details).toMatchObject({ id: 7, port: 4789, local: "198.18.0.11" });
  expect(facts.floods.get("podvx")).toEqual(["198.18.4.11", "198.18.4.12", "198.18.4.13"]);
  expect(facts.addresses).toContainEqual(
    expect.objectContaining({ device: "eth0", address: "198.18.0.11/22", broadcast: "198.18.3.255", dynamic: false }),
  );
  expect(facts.routes).toContainEqual(
    expect.objectContaining({
      to: "0.0.0.0/0",
      via: "198.18.0.1",
      device: "eth0",
      protocol: "boot",
      metric: 0,
      table: 254,
    }),
  );
  expect(facts.routes).toContainEqual(
    expect.objectContaining({ to: "10.244.9.0/24", device: "podvx", onlink: true, protocol: "98" }),
  );
  expect(facts.rules).toContainEqual(
    expect.objectContaining({ family: "ipv6", priority: 101, to: "fd00::/16", table: 100 }),
  );
  expect(facts.sysctls.get("net/ipv4/ip_forward")).toBe("1");
  expect(facts.paths.get("/etc/cni/net.d/10-x.conflist")).toMatchObject({ type: "file", mode: "0644", uid: 0 });
  expect(facts.paths.get("/etc/cni/net.d/10-x.conflist")?.sha256).toHaveLength(64);
  expect(facts.tables).toContain("ip podnet-pods");
  expect(facts.owners).toEqual(["pods"]);
  expect(facts.pending).toBeUndefined();
});

test("a route by several next hops names their devices, and no next hop", () => {
  const hop = (dev: string, gateway: string) => ({ gateway, dev, weight: 1, flags: [] });
  const route = { dst: "default", flags: [], nexthops: [hop("eth0", "198.18.0.1"), hop("eth0", "198.18.0.2")] };
  const { routes } = parseFacts(`@@podnet ipv4\n${JSON.stringify([route])}\n@@podnet end\n`);
  expect(routes).toEqual([
    expect.objectContaining({ via: null, device: null, devices: ["eth0"], unsupported: ["nexthops"] }),
  ]);
});

test("a node as it was committed has no drift, and each hand-made change is named with what is expected and found", () => {
  const facts = parseFacts(text);
  const owned = ownedItems(parseManifest(facts.manifest, "pods"));
  expect(driftOf(owned, facts)).toEqual([]);
  facts.sysctls.set("net/ipv4/ip_forward", "0");
  facts.routes = facts.routes.filter(({ to }) => to !== "10.244.1.0/24");
  facts.nftables.set("ip podnet-pods", `${facts.nftables.get("ip podnet-pods")}# changed`);
  expect(driftOf(owned, facts)).toEqual([
    { item: "sysctl net/ipv4/ip_forward", expected: "value=1", found: "value=0" },
    { item: "route 10.244.1.0/24 table 254 metric 0", expected: "via=198.18.0.12 protocol=98", found: "absent" },
    {
      item: "nftables ip podnet-pods",
      expected: expect.stringContaining("ruleset="),
      found: expect.stringContaining("ruleset="),
    },
  ]);
});

test("facts cut off half-way are refused, not taken for an empty node", () => {
  expect(() => parseFacts(text.slice(0, text.length / 2))).toThrow("did not run to its end");
});

test("the facts script asks about hostile names as data", () => {
  const state = nodeState.parse({ files: [{ path: "/etc/$(touch x)'; rm -rf y", content: "" }] });
  expect(factsScript("o", questionsFor(stateItems(state)))).toContain(`'/etc/$(touch x)'\\''; rm -rf y'`);
});

describe("what others call and select", () => {
  const rule = '{"priority":1000,"src":"10.244.0.0","srclen":16,"table":"pods","iif":"eth1"}';
  const route = '{"dst":"10.9.0.0/16","gateway":"198.18.0.2","dev":"eth0","table":"pods","flags":[]}';
  const told = (tables: string) =>
    parseFacts(
      text
        .replace(/^@@podnet ipv4\n.*\n/m, (mark) => `${mark}[${route}]\n[${rule}]\n`)
        .replace("@@podnet modules", `@@podnet tables\n${tables}@@podnet modules`),
    );

  test("a routing table is its number, by the node's own names", () => {
    const facts = told("255\tlocal\n100\tpods\n");
    expect(facts.routes.find(({ to }) => to === "10.9.0.0/16")?.table).toBe(100);
    expect(facts.rules.find(({ priority }) => priority === 1000)?.table).toBe(100);
  });

  test("a table that only its name is known of is none that anybody can want", () => {
    expect(told("").routes.find(({ to }) => to === "10.9.0.0/16")?.table).toBe(-1);
  });

  test("a rule for one device's packets is not the rule for all of them, and cannot be put back", () => {
    const items = stateItems(nodeState.parse({ rules: [{ priority: 1000, from: "10.244.0.0/16", table: 100 }] }));
    const facts = told("100\tpods\n");
    const refused = plan({ items, manifest: undefined, facts, adopt: false });
    expect(refused.problems.join()).toContain("rule ipv4 1000");
    const adopted = plan({ items, manifest: undefined, facts, adopt: true });
    expect(adopted.irreversible).toEqual(["the rule ipv4 1000 has attributes podnet cannot write again: iif"]);
  });
});
