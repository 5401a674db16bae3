import { expect, test } from "vitest";
import { parsePlanId, planId } from "../../../components/addresses/import-id";
import { allocate } from "../../../components/addresses/plan";

const subnets = {
  node1: ["10.244.5.0/24", "fd00:10:244:5::/64"],
  node2: ["10.244.0.0/24", "fd00:10:244::/64"],
};

test("an import id says every node's subnets, in pools that hold them", () => {
  expect(planId(subnets)).toBe("node1=10.244.5.0/24,fd00:10:244:5::/64;node2=10.244.0.0/24,fd00:10:244::/64");
  expect(parsePlanId(planId(subnets))).toEqual({
    subnets,
    nodes: ["node1", "node2"],
    pools: [
      { cidr: "10.244.0.0/21", nodePrefix: 24 },
      { cidr: "fd00:10:244::/61", nodePrefix: 64 },
    ],
  });
});

test("a plan that was imported moves no subnet when the program's pools take the place of its own", () => {
  const pools = [
    { cidr: "10.244.0.0/16", nodePrefix: 24 },
    { cidr: "fd00:10:244::/48", nodePrefix: 64 },
  ];
  const after = allocate(parsePlanId(planId(subnets)).subnets, { pools, nodes: ["node1", "node2", "node3"] });
  expect(after).toEqual({ ...subnets, node3: ["10.244.1.0/24", "fd00:10:244:1::/64"] });
});

test.each([
  ["", "is not NODE=SUBNET"],
  ["addresses", '"addresses" is not NODE=SUBNET[,SUBNET]; podnet import writes the whole id'],
  ["a=10.0.0.0/24;b", '"b" is not NODE=SUBNET'],
  ["a=10.0.0.0/24;a=10.0.1.0/24", "a is listed twice"],
  ["a=10.0.0.0/24;b=10.0.1.0/25", "b has 10.0.1.0/25, and a 10.0.0.0/24: not of one size each"],
  ["a=10.0.0.1/24", "did you mean 10.0.0.0/24?"],
])("%j is refused", (id, message) => {
  expect(() => parsePlanId(id)).toThrow(message);
});
