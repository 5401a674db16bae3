import { expect, test } from "vitest";
import { diff } from "../../../../components/policy/reach/diff";
import { evaluate } from "../../../../components/policy/reach/evaluate";
import { readObjects } from "../../../../components/policy/reach/read-objects";

const of = (apiVersion: string, kind: string, name: string, namespace: string, spec: object) => ({
  where: `${kind} ${name}`,
  object: { apiVersion, kind, metadata: { name, namespace }, spec },
});
/** More than are named one by one, in two namespaces. */
const workloads = ["shop", "web"].flatMap((namespace) =>
  ["d", "b", "f", "a", "e", "c"].map((app) =>
    of("apps/v1", "Deployment", app, namespace, {
      template: { metadata: { labels: { app } }, spec: { containers: [{ name: "c" }] } },
    }),
  ),
);
const closed = of("networking.k8s.io/v1", "NetworkPolicy", "closed", "shop", {
  podSelector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["a"] }] },
  policyTypes: ["Ingress"],
});

test("a change is told in the same words in whatever order the workloads were read", () => {
  const changes = (found: typeof workloads) => {
    const [old, fresh] = [readObjects(found), readObjects([...found, closed])];
    return diff(evaluate(old.world, { beside: fresh.world.policies }), evaluate(fresh.world, {})).closed;
  };
  const told = changes(workloads);
  expect(told.map(({ to }) => to)).toContainEqual(expect.stringContaining("Deployment/b, Deployment/c, Deployment/d"));
  expect(changes(workloads.toReversed())).toEqual(told);
});
