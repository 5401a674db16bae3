import { expect, test } from "vitest";
import type { KubernetesObject } from "../../../../components/policy/reach/world";
import { nine, wrong } from "./matrix";

const calico = (kind: string, name: string, spec: object, namespace?: string): KubernetesObject => ({
  apiVersion: "projectcalico.org/v3",
  kind,
  metadata: { name, namespace },
  spec,
});
/** Opens x/a to what the entity means, and to nobody else. */
const opening = (source: object, kind: "NetworkPolicy" | "GlobalNetworkPolicy") =>
  calico(
    kind,
    "default.open",
    { selector: "projectcalico.org/namespace == 'x' && pod == 'a'", ingress: [{ action: "Allow", source }] },
    kind === "NetworkPolicy" ? "x" : undefined,
  );
const intoA = (senders: (from: string) => boolean) => (packet: { from: string; to: string }) =>
  packet.to !== "x/a" || senders(packet.from);
/** A network set that holds y/a. */
const partners: KubernetesObject = {
  ...calico("GlobalNetworkSet", "partners", { nets: ["10.0.2.1/32"] }),
  metadata: { name: "partners", labels: { role: "partner" } },
};

test("a policy of a namespace stays in it when it selects by service accounts alone", () => {
  const accounts = { serviceAccounts: { names: ["default"] } };
  const inX = intoA((from) => from.startsWith("x/"));
  expect(wrong(nine([opening(accounts, "NetworkPolicy")]), inX)).toEqual([]);
  expect(
    wrong(
      nine([opening(accounts, "GlobalNetworkPolicy")]),
      intoA(() => true),
    ),
  ).toEqual([]);
});

test("a policy of a namespace stays in it when it only says what is not selected", () => {
  const not = { notSelector: "pod == 'c'" };
  const inX = intoA((from) => from === "x/b");
  expect(wrong(nine([opening(not, "NetworkPolicy")]), inX)).toEqual([]);
  const everywhere = intoA((from) => !from.endsWith("/c"));
  expect(wrong(nine([opening(not, "GlobalNetworkPolicy")]), everywhere)).toEqual([]);
});

test("what is not selected narrows the labels that are: a pod's address in such a network set does not count", () => {
  const both = { selector: "has(pod)", notSelector: "role == 'partner'" };
  const open = intoA(() => true);
  expect(wrong(nine([partners, opening(both, "GlobalNetworkPolicy")]), open)).toEqual([]);
  const alone = { notSelector: "role == 'partner'" };
  const closed = intoA((from) => from !== "y/a");
  expect(wrong(nine([partners, opening(alone, "GlobalNetworkPolicy")]), closed)).toEqual([]);
});

test("a network set in a namespace is meant by the namespace's labels, and one in none by global() alone", () => {
  const set = (kind: string, name: string, address: string, namespace?: string): KubernetesObject => ({
    ...calico(kind, name, { nets: [`${address}/32`] }),
    metadata: { name, namespace, labels: { role: "partner" } },
  });
  const sets = [
    set("NetworkSet", "in-y", "10.0.3.1", "y"),
    set("NetworkSet", "in-z", "10.0.3.2", "z"),
    set("GlobalNetworkSet", "everywhere", "10.0.3.3"),
  ];
  const meant = (namespaceSelector: string, ...senders: string[]) => {
    const source = { selector: "role == 'partner'", namespaceSelector };
    const world = nine([...sets, opening(source, "GlobalNetworkPolicy")]);
    expect(
      wrong(
        world,
        intoA((from) => senders.includes(from)),
      ),
    ).toEqual([]);
  };
  meant("ns == 'y'", "z/a");
  meant("all()", "z/a", "z/b");
  meant("global()", "z/c");
  meant("global() || ns == 'z'", "z/b", "z/c");
});
