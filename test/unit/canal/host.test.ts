import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { hosts } from "../../../components/canal/host";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { twoSegments } from "../calico/read";
import { read, type Written } from "./read";

const state = (written: Written): NodeStateInput => hosts(read({ nodes: twoSegments, ...written })).node1 ?? {};
const script = state({}).files?.find(({ path }) => path === "/etc/podnet/pods-clean.sh")?.content ?? "";

test("a node's state is one that a node can have, and does not grow with the cluster", () => {
  expect(() => nodeState.parse(state({ openPorts: true, checksumOffload: false }))).not.toThrow();
  const few = {
    segments: { a: { subnets: ["198.18.0.0/22"] } },
    nodes: { node1: { connection: { host: "198.18.0.11" } } },
  };
  const many = structuredClone(few) as typeof few & { nodes: Record<string, { connection: { host: string } }> };
  for (let index = 2; index < 200; index += 1)
    many.nodes[`node${index}`] = { connection: { host: `198.18.1.${index}` } };
  expect(hosts(read({ nodes: many })).node1).toEqual(hosts(read({ nodes: few })).node1);
});

test("flanneld's module and sysctls are there though pods hang on no bridge", () => {
  expect(state({}).modules).toEqual(["br_netfilter", "vxlan", "ip_set"]);
  expect(state({ dataplane: "nftables", backend: { type: "udp" } }).modules).toEqual([
    "br_netfilter",
    "tun",
    "nf_tables",
  ]);
  expect(state({}).sysctls).toMatchObject({ "net.ipv4.ip_forward": "1", "net.bridge.bridge-nf-call-iptables": "1" });
});

test("the clean-up knows both halves, and waits for both to end", () => {
  expect(script.split("\n")[2]).toContain("!= disabled ]; then exit 0");
  const order = [
    "flanneld|calico-felix|calico-node",
    "ip link delete flannel.1",
    "FLANNEL-",
    "cali-",
    "rm -rf '/etc/cni/net.d/10-canal.conflist'",
  ];
  const places = order.map((part) => script.indexOf(part));
  expect(places).toEqual([...places].sort((left, right) => left - right));
  expect(places).not.toContain(-1);
  expect(() => execFileSync("sh", ["-n"], { input: script })).not.toThrow();
});

test("Calico's chains, the jumps to them and its marks go, and nothing else", () => {
  const programs = [...script.matchAll(/awk '([^']*)'/g)].map((match) => match[1] as string);
  const program = programs.find((one) => one.includes("cali-")) as string;
  const saved = [
    "*filter",
    ":FORWARD DROP [0:0]",
    ":cali-FORWARD - [0:0]",
    ":cali-fw-cali1 - [0:0]",
    '-A FORWARD -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD',
    '-A FORWARD -m comment --comment "cali:S93hcgKJrXEqnTfs" -m mark --mark 0x10000/0x10000 -j ACCEPT',
    '-A FORWARD -s 10.1.0.0/16 -m comment --comment "california" -j ACCEPT',
    '-A cali-FORWARD -m comment --comment "cali:vjrMJCRpqwy5oRoX" -j cali-fw-cali1',
    "COMMIT",
    "*mangle",
    ":FORWARD ACCEPT [0:0]",
    "COMMIT",
    "",
  ].join("\n");
  expect(execFileSync("awk", [program], { input: saved, encoding: "utf8" }).split("\n")).toEqual([
    "*filter",
    '-D FORWARD -m comment --comment "cali:wUHhoiAYhphO9Mso" -j cali-FORWARD',
    '-D FORWARD -m comment --comment "cali:S93hcgKJrXEqnTfs" -m mark --mark 0x10000/0x10000 -j ACCEPT',
    "-F cali-FORWARD",
    "-F cali-fw-cali1",
    "-X cali-FORWARD",
    "-X cali-fw-cali1",
    "COMMIT",
    "",
  ]);
});

test("a destroy takes away no route of a BIRD, and none outside of podCidr", () => {
  const flushed = script.split("\n").filter((line) => line.includes("route flush"));
  expect(flushed.length).toBeGreaterThan(0);
  for (const line of flushed)
    expect(line).toMatch(/^ip -4 route flush root 10\.244\.0\.0\/16( proto 80)? 2>\/dev\/null$/);
});
