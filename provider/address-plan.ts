import { z } from "zod";
import { parsePlanId } from "../components/addresses/import-id";
import { allocate, PlanError, type Subnets } from "../components/addresses/plan";
import { failureOf, failuresOf, hasUnknowns } from "./checking";
import { propertyDiff } from "./property-diff";
import { type Properties, type ResourceHandler, unknown } from "./resource";

const request = z.strictObject({
  pools: z.array(z.strictObject({ cidr: z.union([z.cidrv4(), z.cidrv6()]), nodePrefix: z.int() })).min(1),
  nodes: z.array(z.string().min(1)),
});

/**
 * Which pod subnets each node has.
 *
 * The plan is made in check and is one of the resource's inputs: check is told the inputs of before, so that it sees
 * every subnet given out so far, refuses what would move one, and has the whole plan ready for the preview.
 */
export const addressPlanHandler: ResourceHandler = {
  check(previous, { subnets: _made, ...wanted }) {
    const known = request.safeParse(wanted);
    if (hasUnknowns(wanted)) return { inputs: { ...wanted, subnets: unknown }, failures: [] };
    if (!known.success) return { inputs: wanted, failures: failuresOf(request, wanted) };
    try {
      const subnets = allocate(givenOut(previous), known.data);
      return { inputs: { ...known.data, subnets }, failures: [] };
    } catch (error) {
      if (!(error instanceof PlanError)) throw error;
      return { inputs: wanted, failures: error.problems.map(failureOf) };
    }
  },
  diff(previousInputs, _previousOutputs, wanted) {
    return {
      ...propertyDiff(previousInputs.pools, wanted.pools, "pools"),
      ...propertyDiff(previousInputs.nodes, wanted.nodes, "nodes", 0),
      ...propertyDiff(previousInputs.subnets, wanted.subnets, "subnets", 1),
    };
  },
  async create(wanted) {
    return { id: "addresses", outputs: { subnets: wanted.subnets } };
  },
  async update(_id, _previousInputs, _previousOutputs, wanted) {
    return { outputs: { subnets: wanted.subnets } };
  },
  async read(id, inputs, outputs) {
    if (Object.keys(inputs).length > 0) return { id, inputs, outputs };
    const { subnets, ...request } = parsePlanId(id);
    return { id: "addresses", inputs: { ...request, subnets }, outputs: { subnets } };
  },
  async delete() {},
};

function givenOut(previous: Properties | undefined): Subnets | undefined {
  const subnets = previous?.subnets;
  return subnets === unknown ? undefined : (subnets as Subnets | undefined);
}
