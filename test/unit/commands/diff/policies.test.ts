import { describe, expect, test } from "vitest";
import { review } from "../../../../commands/diff/decide";
import { type Digest, unknown } from "../../../../commands/diff/digest";
import { textReport } from "../../../../commands/diff/text";

describe("policies", () => {
  const policy = (spec: unknown) => ({
    inputs: {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "db", namespace: "shop" },
      spec,
    },
    initErrors: [],
  });
  const urn = "urn:pulumi:s::p::kubernetes:networking.k8s.io/v1:NetworkPolicy::db";
  const pod = (name: string) => ({
    where: name,
    object: { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "shop", labels: { app: name } }, spec: {} },
  });
  const cluster = ["web", "job", "db"].map(pod);
  const from = (app: string) => ({
    podSelector: { matchLabels: { app: "db" } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app } } }] }],
  });
  const digest = (oldState: unknown, newState: unknown, op = "update") =>
    ({ steps: [{ op, urn, oldState, newState }], diagnostics: [], changeSummary: {} }) as unknown as Digest;

  test("that close a connection are a disruption, and which is said", () => {
    const found = review(digest(policy(from("web")), policy(from("job"))), cluster);
    expect(found.verdict).toBe("disruptive");
    expect(textReport(found)).toMatch(/closed: .*web.* → .*db/);
    expect(textReport(found)).toMatch(/opened: .*job.* → .*db/);
  });

  test("of the cluster stay what they are beside one of another API group with the same name", () => {
    const calico = (apiVersion: string, name = "db") => ({
      where: "calico",
      object: {
        apiVersion,
        kind: "NetworkPolicy",
        metadata: { name, namespace: "shop" },
        spec: { selector: "app == 'web'", types: ["Ingress"], ingress: [] },
      },
    });
    const toWeb = (beside: ReturnType<typeof calico>) =>
      review(digest(undefined, policy({ podSelector: {}, policyTypes: ["Ingress"] }), "create"), [
        ...cluster,
        beside,
      ]).connections?.closed.filter(({ to }) => to.includes("web"));
    // Calico's own has closed web before: nothing is closed there that was open.
    for (const group of ["crd.projectcalico.org/v1", "projectcalico.org/v3"]) {
      expect(toWeb(calico(group))).toEqual([]);
      expect(toWeb(calico(group))).toEqual(toWeb(calico(group, "other")));
    }
    // The same object in the API of crd.projectcalico.org and in that of Calico's server is one.
    const own = calico("crd.projectcalico.org/v1").object;
    const gone = { steps: [{ op: "delete", urn, oldState: { inputs: own, initErrors: [] } }], changeSummary: {} };
    expect(
      review({ ...gone, diagnostics: [] } as unknown as Digest, [...cluster, calico("projectcalico.org/v3")])
        .connections?.opened.length,
    ).toBeGreaterThan(0);
  });

  test("that open one only are safe, and one that goes closes nothing", () => {
    const found = review(digest(policy(from("web")), undefined, "delete"), cluster);
    expect(found).toMatchObject({ verdict: "safe", connections: { closed: [] } });
    expect(found.connections?.opened.length).toBeGreaterThan(0);
  });

  test("are not called safe where the workloads, or what stays as it is, is not known", () => {
    const change = digest(policy(from("web")), policy(from("job")));
    expect(review(change)).toMatchObject({
      verdict: "disruptive",
      meanings: [{ wayRound: expect.stringContaining("--cluster") }],
    });
    expect(review({ ...change, changeSummary: { same: 3 } }, cluster).connections).toBeUndefined();
  });

  test("that are known only when the change is made are not called safe", () => {
    expect(review(digest(undefined, policy(from(unknown)), "create"), cluster)).toMatchObject({
      verdict: "disruptive",
      meanings: [{ wayRound: expect.stringContaining("known before the change") }],
    });
    const place = { apiVersion: "v1", kind: "Namespace", metadata: { name: "shop", labels: { team: unknown } } };
    const change = digest(policy(from("web")), policy(from("web")));
    const labelled = {
      op: "update",
      urn: "urn:pulumi:s::p::kubernetes:core/v1:Namespace::shop",
      newState: { inputs: place, initErrors: [] },
    };
    const both = { ...change, steps: [...change.steps, labelled] } as unknown as Digest;
    expect(review(both, cluster).connections).toBeUndefined();
    expect(review(change, cluster).connections).toBeDefined();
  });

  test("that podnet does not evaluate, or not all of, are not called safe", () => {
    const change = (apiVersion: string, kind: string, spec: object) =>
      ({
        steps: [
          {
            op: "create",
            urn: `urn:pulumi:s::p::kubernetes:${apiVersion}:${kind}::closed`,
            newState: {
              inputs: { apiVersion, kind, metadata: { name: "closed", namespace: "shop" }, spec },
              initErrors: [],
            },
          },
        ],
        diagnostics: [],
        changeSummary: {},
      }) as unknown as Digest;
    const services = { egress: [{ action: "Deny", destination: { services: { name: "db", namespace: "shop" } } }] };
    for (const [apiVersion, kind, spec] of [
      ["cilium.io/v2", "CiliumNetworkPolicy", { endpointSelector: {}, ingress: [] }],
      ["networking.gke.io/v1alpha1", "FQDNNetworkPolicy", { podSelector: {}, egress: [] }],
      ["crd.projectcalico.org/v1", "HostEndpoint", { node: "node1", interfaceName: "*" }],
      ["projectcalico.org/v3", "NetworkPolicy", services],
      ["networking.k8s.io/v1", "NetworkPolicy", { podSelector: "web" }],
    ] as const)
      expect(review(change(apiVersion, kind, spec), cluster)).toMatchObject({
        verdict: "disruptive",
        meanings: [{ wayRound: `podnet does not evaluate all of ${kind} shop closed: look at them by hand` }],
      });
    const staged = change("projectcalico.org/v3", "StagedNetworkPolicy", { ingress: [] });
    expect(review(staged, cluster).verdict).toBe("safe");
  });

  test("beside the change that are not evaluated are told", () => {
    const object = {
      apiVersion: "cilium.io/v2",
      kind: "CiliumNetworkPolicy",
      metadata: { name: "l7", namespace: "shop" },
    };
    const found = review(digest(policy(from("web")), policy(from("job"))), [
      ...cluster,
      { where: "cluster.yaml", object },
    ]);
    expect(textReport(found)).toContain(
      "not known: cluster.yaml (CiliumNetworkPolicy l7): CiliumNetworkPolicy of cilium.io/v2 is not evaluated",
    );
  });

  test("of a baseline mean what its own table says", () => {
    const record = (migrate: string) => ({ inputs: { network: "policy", settings: { migrate } }, initErrors: [] });
    const step = {
      op: "create",
      urn: "urn:pulumi:s::p::podnet:index:NetworkRecord::base",
      newState: record("enforce"),
    };
    const verdict = (one: unknown) =>
      review({ steps: [one], diagnostics: [], changeSummary: {} } as unknown as Digest).verdict;
    expect(verdict(step)).toBe("disruptive");
    expect(verdict({ ...step, newState: record("audit") })).toBe("safe");
    expect(verdict({ ...step, op: "delete", newState: undefined, oldState: record("enforce") })).toBe("safe");
  });
});
