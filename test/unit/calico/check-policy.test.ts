import { describe, expect, test } from "vitest";
import { read, refusal, twoSegments, type Written, warnings } from "./read";

describe("failsafe ports", () => {
  const nodes = { nodes: { node1: { connection: { host: "198.18.0.11", port: 2222 } } } };
  test("SSH of the inventory cannot be closed, on whatever port it is", () => {
    expect(refusal({ nodes })).toContain("tcp/2222 could be closed by a policy: SSH of node1");
    const failsafe = { inbound: ["tcp/2222", "tcp/6443"] };
    expect(() => read({ nodes, felix: { failsafe } })).not.toThrow();
  });

  test.each<[string, Written, string]>([
    [
      "SSH without an inventory",
      { felix: { failsafe: { inbound: "tcp/6443" } } },
      "tcp/22 could be closed by a policy: SSH, which an operator",
    ],
    ["the API server", { felix: { failsafe: { outbound: "udp/53" } } }, "tcp/6443 could be closed by a policy"],
    ["the API server elsewhere", { apiServer: { host: "192.0.2.1", port: 8443 } }, "tcp/8443 could be closed"],
    [
      "BGP elsewhere",
      { encapsulation: "IPIP", bgp: { listenPort: 1790 } },
      "tcp/1790 could be closed by a policy: BGP",
    ],
    [
      "etcd elsewhere",
      { datastore: { type: "etcd", endpoints: ["http://192.0.2.5:4001"] } },
      "tcp/4001 could be closed by a policy: etcd",
    ],
    ["Typha", { nodeCount: 50, felix: { failsafe: { inbound: ["tcp/22", "tcp/6443"] } } }, "tcp/5473 could be closed"],
    ["DNS", { felix: { failsafe: { outbound: ["tcp/1-65535"] } } }, "udp/53 could be closed by a policy: DNS"],
    [
      "a name in the place of a number",
      { felix: { failsafe: { inbound: ["tcp/ssh", "tcp/1-65535"] } } },
      "a failsafe port is a number",
    ],
  ])("%s", (_, written, expected) => {
    expect(refusal(written)).toContain(expected);
  });
});

describe("policy", () => {
  const policy = (change: object) => ({ globalPolicies: { p: { ingress: [], ...change } } }) as Written;
  const ingress = (rule: object) => policy({ ingress: [{ action: "allow", ...rule }] });
  test.each<[string, Written, string]>([
    ["that decides nothing", { globalPolicies: { p: {} } }, "has neither ingress nor egress"],
    ["of a tier that is not there", policy({ tier: "nowhere" }), "there is no tier nowhere"],
    ["doNotTrack and preDnat", policy({ doNotTrack: true, preDnat: true }), "exclude each other"],
    ["preDnat with egress", policy({ preDnat: true, egress: [] }), "preDnat decides over ingress only"],
    [
      "doNotTrack that does not forward",
      policy({ doNotTrack: true, applyOnForward: false }),
      "leave applyOnForward out",
    ],
    ["global() as its selector", policy({ selector: "global()" }), "only a rule's namespaceSelector takes it"],
    [
      "tiers of an old release",
      { version: "v3.28.5", tiers: { t: { order: 1 } } },
      "tiers came to open-source Calico with v3.30",
    ],
    ["Calico's own tier", { tiers: { "kube-admin": { order: 1 } } }, "Calico makes the tier kube-admin itself"],
    [
      "a rule of both families",
      ingress({ from: { nets: ["10.0.0.0/8", "fd00::/8"] } }),
      "ranges of both address families",
    ],
    [
      "a rule of the other family",
      ingress({ family: "ipv6", to: { nets: "10.0.0.0/8" } }),
      "the rule's ranges are ipv4",
    ],
    ["ICMP without its protocol", ingress({ icmp: { type: 8 } }), "the protocols are not icmp or icmpv6 alone"],
    ["ICMP of the other family", ingress({ protocols: "icmp", family: "ipv6" }), "icmp is not of ipv6"],
    ["a protocol twice", ingress({ protocols: "tcp", ports: "tcp/80" }), "tcp is named as a whole and by ports"],
    [
      "a service at the wrong end",
      ingress({ to: { service: { name: "a", namespace: "b" } } }),
      "in ingress that is from",
    ],
    ["a service without its namespace", ingress({ from: { service: { name: "a" } } }), "say the service's namespace"],
    [
      "a service and more",
      ingress({ from: { service: { name: "a", namespace: "b" }, selector: "all()" } }),
      "already which pods",
    ],
    [
      "a host endpoint without interface",
      { hostEndpoints: { h: { node: "node1" } } },
      "neither interfaceName nor expectedIps",
    ],
    [
      "a host endpoint of nobody",
      { nodes: twoSegments, hostEndpoints: { h: { node: "node9", interfaceName: "*" } } },
      "there is no node node9",
    ],
  ])("%s", (_, written, expected) => {
    expect(refusal(written)).toContain(expected);
  });

  test("Calico's own tiers may be used from v3.30 on", () => {
    expect(() => read(policy({ tier: "kube-admin" }))).not.toThrow();
    expect(refusal({ version: "v3.29.4", ...policy({ tier: "kube-admin" }) })).toContain("there is no tier kube-admin");
  });
});

describe("passing by NetworkPolicies", () => {
  const egress: NonNullable<Written["globalPolicies"]>[string]["egress"] = [
    { action: "deny", to: { nets: "192.0.2.0/24" } },
    { action: "pass" },
  ];

  test.each([
    ["before them", { order: 10 }],
    ["by the name alone", {}],
  ])("%s is a warning", (_where, order) => {
    expect(warnings({ globalPolicies: { "no-office": { ...order, egress } } })).toEqual([
      expect.stringContaining("globalPolicies.no-office passes at order"),
    ]);
  });

  test("in a tier of its own, behind them, or not at all, is none", () => {
    const tiers = { guard: { order: 100, defaultAction: "pass" } } as const;
    expect(warnings({ tiers, globalPolicies: { "no-office": { tier: "guard", egress } } })).toEqual([]);
    expect(warnings({ globalPolicies: { "no-office": { order: 1001, egress } } })).toEqual([]);
    expect(warnings({ globalPolicies: { "no-office": { order: 10, egress: egress.slice(0, 1) } } })).toEqual([]);
  });
});
