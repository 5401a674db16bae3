import { describe, expect, test } from "vitest";
import { hosts } from "../../../components/calico/host";
import { portsOf } from "../../../components/calico/ports";
import { nodeState } from "../../../components/node/state";
import { read, twoSegments, type Written } from "./read";

const state = (written: Written) => hosts(read({ nodes: twoSegments, ...written })).node1 ?? {};

test("a node's state is one that a node can have, and the same on every node", () => {
  const all = hosts(read({ nodes: twoSegments, networkManager: true, openPorts: true }));
  expect(Object.keys(all)).toEqual(["node1", "node2", "node3"]);
  expect(() => nodeState.parse(all.node1)).not.toThrow();
  expect(all.node2).toEqual(all.node1);
});

test.each<[string, Written, string[]]>([
  ["VXLAN", {}, ["ip_set", "vxlan"]],
  ["IPIP and WireGuard", { encapsulation: "IPIP", wireguard: { enabled: true } }, ["ip_set", "ipip", "wireguard"]],
  ["nftables without a tunnel", { encapsulation: "None", dataplane: "nftables" }, ["nf_tables"]],
])("modules that a container cannot load: %s", (_, written, modules) => {
  expect(state(written).modules).toEqual(modules);
});

test("forwarding is of the pods' families", () => {
  expect(state({}).sysctls).toEqual({ "net.ipv4.ip_forward": "1" });
  expect(state({ podCidr: "fd00:10:244::/48" }).sysctls).toEqual({ "net.ipv6.conf.all.forwarding": "1" });
});

test("the leases of host-local are podnet's to keep and empty only where host-local gives addresses", () => {
  const leases = "/var/lib/cni/networks/k8s-pod-network";
  const purged = (written: Written) =>
    state(written)
      .directories?.filter(({ purge }) => purge)
      .map(({ path }) => path);
  expect(purged({})).toEqual([]);
  expect(purged({ ipam: "host-local" })).toEqual([leases]);
});

describe("ports between nodes", () => {
  const ports = (written: Written) =>
    portsOf(read(written)).map(({ protocol, port }) => `${protocol} ${port ?? ""}`.trim());
  test.each<[string, Written, string[]]>([
    ["VXLAN", {}, ["udp 4789"]],
    ["VXLAN on another port", { felix: { vxlanPort: 8472 } }, ["udp 8472"]],
    ["IPIP", { encapsulation: "IPIP" }, ["ipip", "tcp 179"]],
    ["none", { encapsulation: "None" }, ["tcp 179"]],
    [
      "WireGuard of both families",
      { podCidr: ["10.244.0.0/16", "fd00::/48"], wireguard: { enabled: true } },
      ["udp 4789", "udp 51820", "udp 51821"],
    ],
    ["Typha", { nodeCount: 50 }, ["udp 4789", "tcp 5473"]],
    ["the operator, which always has Typha", { install: "operator" }, ["udp 4789", "tcp 5473"]],
    ["policy alone", { install: "policy-only" }, []],
  ])("%s", (_, written, expected) => {
    expect(ports(written)).toEqual(expected);
  });

  test("are opened when asked, from the nodes' own segments", () => {
    expect(state({}).iptables).toEqual([]);
    expect(state({ encapsulation: "IPIP", openPorts: true }).iptables?.map(({ rule }) => rule.join(" "))).toEqual([
      "-s 198.18.0.0/22 -p 4 -j ACCEPT",
      "-s 198.18.4.0/22 -p 4 -j ACCEPT",
      "-s 198.18.0.0/22 -p tcp --dport 179 -j ACCEPT",
      "-s 198.18.4.0/22 -p tcp --dport 179 -j ACCEPT",
    ]);
  });
});

test("what Calico leaves is taken away only when its unit is removed, and not under a running Felix", () => {
  const { files = [], units = [] } = state({});
  const script = files.find(({ path }) => path === "/etc/podnet/pods-clean.sh")?.content.split("\n") ?? [];
  expect(script[2]).toContain('podnet-pods-clean.service 2>/dev/null)" != disabled ]; then exit 0; fi');
  expect(script.findIndex((line) => line.includes("calico-felix"))).toBeLessThan(
    script.findIndex((line) => line.startsWith("rm -rf")),
  );
  expect(units).toMatchObject([{ name: "podnet-pods-clean.service" }]);
});

describe("a destroy takes away routes within Calico's own ranges, and of BIRD's only where Calico's runs", () => {
  const flushed = (written: Written) =>
    state(written)
      .files?.find(({ path }) => path === "/etc/podnet/pods-clean.sh")
      ?.content.split("\n")
      .filter((line) => line.includes("route"))
      .map((line) => line.replace(" 2>/dev/null", ""));
  const pod = "route flush root 10.244.0.0/16";

  test.each<[string, Written, string[]]>([
    ["VXLAN", {}, [`ip -4 ${pod} proto 80`]],
    ["policy alone", { install: "policy-only" }, [`ip -4 ${pod} proto 80`]],
    ["BGP", { encapsulation: "None" }, [`ip -4 ${pod} proto 80`, `ip -4 ${pod} proto 12`]],
    [
      "BGP of both families, with services that are told and a pool for them",
      {
        podCidr: ["10.244.0.0/16", "fd00:244::/48"],
        encapsulation: "None",
        bgp: { serviceClusterIps: "10.96.0.0/12", serviceLoadBalancerIps: "192.0.2.0/24" },
        pools: {
          four: { cidr: "10.244.0.0/17" },
          six: { cidr: "fd00:244::/48" },
          services: { cidr: "192.0.2.0/24", allowedUses: ["LoadBalancer"] },
        },
      },
      [
        ...["-4 P 10.244.0.0/16", "-6 P fd00:244::/48", "-4 P 10.244.0.0/17", "-4 P 192.0.2.0/24"].map(of(80)),
        ...["-4 P 10.244.0.0/16", "-6 P fd00:244::/48", "-4 P 10.244.0.0/17", "-4 P 192.0.2.0/24"].map(of(12)),
        of(12)("-4 P 10.96.0.0/12"),
      ],
    ],
  ])("%s", (_, written, expected) => {
    expect(flushed(written)).toEqual(expected);
  });
});

function of(protocol: number) {
  return (range: string) => `ip ${range.replace("P", "route flush root")} proto ${protocol}`;
}
