import { describe, expect, test } from "vitest";
import { deciderWords } from "../../../../components/policy/reach/decider";
import { evaluate } from "../../../../components/policy/reach/evaluate";
import type { KubernetesObject, World } from "../../../../components/policy/reach/world";
import { nine, policy, wrong } from "./matrix";

const cluster = (name: string, tier: "Admin" | "Baseline", priority: number, spec: object): KubernetesObject => ({
  apiVersion: "policy.networking.k8s.io/v1alpha2",
  kind: "ClusterNetworkPolicy",
  metadata: { name },
  spec: { tier, priority, subject: { namespaces: { matchLabels: { ns: "x" } } }, ...spec },
});
const calico = (kind: string, name: string, spec: object, namespace?: string): KubernetesObject => ({
  apiVersion: "crd.projectcalico.org/v1",
  kind,
  metadata: { name, namespace },
  spec,
});
const from = (action: string, ...spaces: string[]) => ({
  action,
  from: [{ namespaces: { matchExpressions: [{ key: "ns", operator: "In", values: spaces }] } }],
});
const ns = (name: string) => name[0];
const intoX = (allowed: (from: string) => boolean) => (packet: { from: string; to: string }) =>
  ns(packet.to) !== "x" || allowed(packet.from);
const openX = policy("x/open", { ingress: [{}] });
const closedX = policy("x/closed", {});

/** What decided over the first part of what y/a could say to x/a, where it arrives. */
const decider = (world: World) => {
  const reach = evaluate(world);
  const index = (name: string) => reach.endpoints.findIndex((one) => `${one.namespace?.name}/${one.name}` === name);
  return reach.connections(index("y/Pod/a"), index("x/Pod/a")).map(({ ingress }) => deciderWords(ingress));
};

describe("ClusterNetworkPolicy", () => {
  test("Deny of tier Admin closes what a NetworkPolicy opens", () => {
    const world = nine([cluster("deny-y", "Admin", 5, { ingress: [from("Deny", "y")] }), openX]);
    expect(
      wrong(
        world,
        intoX((pod) => ns(pod) !== "y"),
      ),
    ).toEqual([]);
    expect(decider(world)).toEqual(["ClusterNetworkPolicy deny-y, ingress rule 0"]);
  });

  test("Accept of tier Admin opens what a NetworkPolicy closes", () => {
    const accept = cluster("accept-y", "Admin", 5, { ingress: [from("Accept", "y")] });
    expect(
      wrong(
        nine([accept, closedX]),
        intoX((pod) => ns(pod) === "y"),
      ),
    ).toEqual([]);
  });

  test("the lower priority decides, whatever the order of reading", () => {
    const both = [
      cluster("later", "Admin", 20, { ingress: [from("Deny", "y")] }),
      cluster("earlier", "Admin", 10, { ingress: [from("Accept", "y")] }),
    ];
    expect(wrong(nine(both), () => true)).toEqual([]);
    expect(wrong(nine(both.reverse()), () => true)).toEqual([]);
  });

  test("Pass leaves it to NetworkPolicies, and without one to tier Baseline", () => {
    const pass = cluster("pass", "Admin", 1, { ingress: [from("Pass", "y", "z")] });
    const deny = cluster("deny", "Admin", 2, { ingress: [from("Deny", "x", "y", "z")] });
    const baseline = cluster("base", "Baseline", 0, { ingress: [from("Deny", "z")] });
    const world = nine([pass, deny, baseline]);
    expect(
      wrong(
        world,
        intoX((pod) => ns(pod) === "y"),
      ),
    ).toEqual([]);
    expect(decider(world)).toEqual([
      "no policy selects it for ingress (after ClusterNetworkPolicy pass, ingress rule 0 passed it on)",
    ]);
    expect(
      wrong(
        nine([pass, deny, baseline, openX]),
        intoX((pod) => ns(pod) !== "x"),
      ),
    ).toEqual([]);
  });

  test("tier Baseline decides only over pods that no NetworkPolicy selects", () => {
    const baseline = cluster("base", "Baseline", 0, { ingress: [from("Deny", "x", "y", "z")] });
    expect(
      wrong(
        nine([baseline]),
        intoX(() => false),
      ),
    ).toEqual([]);
    expect(wrong(nine([baseline, openX]), () => true)).toEqual([]);
  });

  test("egress to networks, and ports by number, range and name", () => {
    const egress = [
      {
        action: "Accept",
        to: [{ networks: ["10.0.2.0/24"] }],
        protocols: [{ tcp: { destinationPort: { range: { start: 1, end: 80 } } } }],
      },
      { action: "Accept", to: [{ networks: ["10.0.3.1/32"] }], protocols: [{ destinationNamedPort: "serve-81-udp" }] },
      { action: "Deny", to: [{ networks: ["10.0.0.0/16"] }] },
    ];
    expect(
      wrong(nine([cluster("out", "Admin", 0, { egress })]), (packet) => {
        if (ns(packet.from) !== "x") return true;
        if (ns(packet.to) === "y") return packet.protocol === "TCP" && packet.port === 80;
        return packet.to === "z/a" && packet.protocol === "UDP" && packet.port === 81;
      }),
    ).toEqual([]);
  });

  test("names of domains are said to be unknown, and open nothing", () => {
    const egress = [
      { action: "Accept", to: [{ domainNames: ["*.example.com"] }] },
      { action: "Deny", to: [{ networks: ["0.0.0.0/0"] }] },
    ];
    const world = nine([cluster("out", "Admin", 0, { egress })]);
    expect(wrong(world, ({ from }) => ns(from) !== "x")).toEqual([]);
    expect(evaluate(world).unevaluated.join()).toContain(
      "ClusterNetworkPolicy out, egress[0]: domainNames *.example.com",
    );
  });
});

describe("Calico's policy", () => {
  const global = (name: string, spec: object) => calico("GlobalNetworkPolicy", name, spec);
  const source = (action: string, selector: string) => ({ action, source: { namespaceSelector: selector } });

  test("the lower order decides, and what no rule takes is denied", () => {
    const deny = global("deny", { order: 10, namespaceSelector: "ns == 'x'", ingress: [source("Deny", "ns == 'y'")] });
    const allow = global("allow", {
      order: 20,
      namespaceSelector: "ns == 'x'",
      ingress: [source("Allow", "ns in {'y', 'z'}")],
    });
    const world = nine([allow, deny]);
    expect(
      wrong(
        world,
        intoX((pod) => ns(pod) === "z"),
      ),
    ).toEqual([]);
    expect(decider(world)).toEqual(["GlobalNetworkPolicy deny, ingress rule 0"]);
  });

  test("an order before that of NetworkPolicies decides over them, one behind does not", () => {
    const allow = (order: number) => global("allow", { order, selector: "all()", ingress: [{ action: "Allow" }] });
    const deny = (order: number) =>
      global("deny", { order, namespaceSelector: "ns == 'x'", ingress: [{ action: "Deny" }] });
    expect(wrong(nine([allow(1), closedX]), () => true)).toEqual([]);
    expect(wrong(nine([deny(2000), openX]), () => true)).toEqual([]);
    expect(
      wrong(
        nine([deny(1), openX]),
        intoX(() => false),
      ),
    ).toEqual([]);
  });

  test("Pass leaves a tier, Log goes on, and a tier may pass on what it does not decide", () => {
    const tier = calico("Tier", "early", { order: 5 });
    const pass = { tier: "early", order: 1, selector: "all()", types: ["Ingress"] };
    const rules = [{ action: "Log" }, source("Pass", "ns == 'y'"), source("Allow", "ns == 'z'")];
    const world = nine([tier, global("early.one", { ...pass, ingress: rules }), policy("x/closed", {})]);
    expect(wrong(world, ({ from, to }) => ns(from) === "z" || (ns(from) === "y" && ns(to) !== "x"))).toEqual([]);
    const passing = calico("Tier", "early", { order: 5, defaultAction: "Pass" });
    expect(
      wrong(
        nine([passing, global("early.one", { ...pass, ingress: [source("Deny", "ns == 'z'")] })]),
        ({ from }) => ns(from) !== "z",
      ),
    ).toEqual([]);
  });

  test("a policy of a namespace means pods of its own, unless it says which namespaces", () => {
    const own = (rule: object) =>
      calico(
        "NetworkPolicy",
        "default.p",
        { selector: "pod == 'a'", ingress: [{ action: "Allow", source: rule }] },
        "x",
      );
    const intoA = (allowed: (from: string) => boolean) => (packet: { from: string; to: string }) =>
      packet.to !== "x/a" || allowed(packet.from);
    expect(
      wrong(
        nine([own({ selector: "pod == 'b'" })]),
        intoA((pod) => pod === "x/b"),
      ),
    ).toEqual([]);
    expect(
      wrong(
        nine([own({ selector: "pod == 'b'", namespaceSelector: "all()" })]),
        intoA((pod) => pod[2] === "b"),
      ),
    ).toEqual([]);
    expect(
      wrong(
        nine([own({ selector: "!(pod in {'b'}) && has(pod)" })]),
        intoA((pod) => pod === "x/c"),
      ),
    ).toEqual([]);
  });

  test("network sets, ranges that are excluded, ports and protocols", () => {
    const set = calico("GlobalNetworkSet", "ys", { nets: ["10.0.2.0/24"] });
    const named: KubernetesObject = { ...set, metadata: { name: "ys", labels: { kind: "ours" } } };
    const rules = [
      { action: "Deny", destination: { selector: "kind == 'ours'", notNets: ["10.0.2.2/32"] } },
      { action: "Allow", protocol: "TCP", destination: { ports: ["80:81"], notPorts: [81] } },
      { action: "Allow", protocol: 17, destination: { ports: ["serve-81-udp"] } },
    ];
    const egress = global("out", { selector: "pod == 'a'", namespaceSelector: "ns == 'x'", egress: rules });
    expect(
      wrong(nine([named, egress]), ({ from, to, protocol, port }) => {
        if (from !== "x/a") return true;
        if (to === "y/a" || to === "y/c") return false;
        return (protocol === "TCP" && port === 80) || (protocol === "UDP" && port === 81);
      }),
    ).toEqual([]);
  });

  test("a tier that is not among the objects is said", () => {
    const world = nine([global("far.p", { tier: "far", ingress: [] })]);
    expect(evaluate(world).unevaluated.join()).toContain('its tier "far" is not among the objects');
  });
});
