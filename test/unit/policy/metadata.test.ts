import { describe, expect, test } from "vitest";
import { read, refusal, warnings } from "./read";

describe("the cloud's metadata service", () => {
  const beside = (to?: object[]) => ({
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { namespace: "web", name: "all-out" },
    spec: { podSelector: {}, policyTypes: ["Egress"], egress: [to ? { to } : {}] },
  });

  test("a range that is opened has its addresses left out, unless the user wants them", () => {
    const others = { out: { to: ["0.0.0.0/0", "::/0"] } };
    const peers = (metadata?: "allow") =>
      read({ openings: { others, ...(metadata && { metadata }) } }).baseline.allowances.find(
        ({ name }) => name === "out",
      )?.peers;
    expect(peers()).toEqual([
      { range: "0.0.0.0/0", except: ["169.254.169.254/32", "169.254.170.2/32"] },
      { range: "::/0", except: ["fd00:ec2::254/128"] },
    ]);
    expect(peers("allow")).toEqual([
      { range: "0.0.0.0/0", except: [] },
      { range: "::/0", except: [] },
    ]);
  });

  test.each([
    ["a rule without an end", undefined, ["169.254.169.254/32", "169.254.170.2/32", "fd00:ec2::254/128"]],
    ["AWS over IPv4", [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.170.2/32"] } }], ["169.254.169.254/32"]],
    ["AWS over IPv6", [{ ipBlock: { cidr: "fd00::/8" } }], ["fd00:ec2::254/128"]],
    ["ECS", [{ ipBlock: { cidr: "169.254.170.0/24" } }], ["169.254.170.2/32"]],
  ])("another policy that opens it is named: %s", (_what, to, addresses) => {
    expect(warnings({ beside: [beside(to)] }).join()).toContain(
      `NetworkPolicy web/all-out opens ${addresses.join(", ")}, and`,
    );
  });

  test("one in a namespace that is not closed is no news", () => {
    const elsewhere = { ...beside(), metadata: { namespace: "ads", name: "all-out" } };
    expect(warnings({ beside: [elsewhere] })).toEqual([]);
  });

  test("nor one that the Admin tier goes before", () => {
    const told = (tier: "Admin" | "Baseline") =>
      warnings({ form: "ClusterNetworkPolicy", tier, directions: "egress", beside: [beside()] }).join();
    expect(told("Admin")).toBe("");
    expect(told("Baseline")).toContain("NetworkPolicy web/all-out opens 169.254.169.254/32");
  });

  test("one that leaves it out, or opens pods alone, is not", () => {
    const closed = { ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.0.0/16"] } };
    expect(warnings({ beside: [beside([closed]), beside([{ namespaceSelector: {} }])] })).toEqual([]);
  });

  test("a single address is not left out of itself: it is told", () => {
    expect(warnings({ openings: { others: { imds: { to: "169.254.169.254/32", ports: "tcp/80" } } } })).toEqual([
      "rule imds opens the cloud's metadata service: 169.254.169.254/32",
    ]);
    expect(warnings({ openings: { metadata: "gke" } })).toEqual([]);
  });

  test("an opening to it for all pods is refused where it is denied before, and not one for some pods", () => {
    const imds = { to: "169.254.169.254/32", ports: "tcp/80" };
    const form = "ClusterNetworkPolicy";
    expect(refusal({ form, openings: { others: { imds } } })).toMatch(
      /denied before anything is opened[\s\S]*at openings \(imds\)[\s\S]*openings\.metadata: "allow"/,
    );
    for (const openings of [
      { others: { imds: { ...imds, pods: { app: "agent" } } } },
      { metadata: "allow" as const, others: { imds } },
    ])
      expect(() => read({ form, openings })).not.toThrow();
  });
});
