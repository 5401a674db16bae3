import { expect, test } from "vitest";
import { diff } from "../../../../components/policy/reach/diff";
import { evaluate } from "../../../../components/policy/reach/evaluate";
import { Memory } from "../../../../components/policy/reach/memory";
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

test("ranges that join a network set, or leave it, are told though no policy's own text changes", () => {
  const calico = (kind: string, name: string, spec: object) => ({
    where: `${kind} ${name}`,
    object: { apiVersion: "projectcalico.org/v3", kind, metadata: { name, labels: { role: name } }, spec },
  });
  const rule = (entity: object) => [{ action: "Allow", source: entity }];
  const told = (entity: object) => {
    const policy = calico("GlobalNetworkPolicy", "default.open", { types: ["Ingress"], ingress: rule(entity) });
    const world = (...nets: string[]) =>
      readObjects([...workloads, policy, calico("GlobalNetworkSet", "partners", { nets })]).world;
    const [old, fresh] = [world("192.0.2.0/24", "198.51.100.0/24"), world("198.51.100.0/24", "203.0.113.0/24")];
    const memory = new Memory();
    const changes = diff(
      evaluate(old, { memory, beside: fresh.policies }),
      evaluate(fresh, { memory, beside: old.policies }),
    );
    return { opened: changes.opened.map(({ from }) => from), closed: changes.closed.map(({ from }) => from) };
  };
  expect(told({ selector: "role == 'partners'" })).toEqual({ opened: ["203.0.113.0/24"], closed: ["192.0.2.0/24"] });
  expect(told({ notSelector: "role == 'partners'" })).toEqual({ opened: ["192.0.2.0/24"], closed: ["203.0.113.0/24"] });
});
