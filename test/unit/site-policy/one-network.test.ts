import { expect, test } from "vitest";
import { doubledNetworks } from "../../../examples/site-policy/one-network";

const network = (name: string, kind: string, more: object = {}) => ({
  type: "podnet:index:NetworkRecord",
  name,
  urn: `urn:pulumi:s::p::podnet:index:NetworkRecord::${name}`,
  props: { network: kind, settings: { nodes: { node1: { addresses: ["192.0.2.1"] } }, ...more } },
});

test("two networks on one node are told", () => {
  const told = doubledNetworks([network("pods", "bridge"), network("rest", "flannel")]);
  expect(told.map(({ message }) => message)).toEqual([
    "pods (bridge) and rest (flannel) are both on node 192.0.2.1; a cluster has one pod network",
  ]);
});

test("what a network stands on, and policy alone beside one, are no second network", () => {
  expect(doubledNetworks([network("fabric", "openvswitch"), network("pods", "ovn-kubernetes")])).toEqual([]);
  expect(
    doubledNetworks([network("pods", "flannel"), network("policy", "calico", { install: "policy-only" })]),
  ).toEqual([]);
});
