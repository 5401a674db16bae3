import { decide } from "../components/routes/decide";
import type { RoutesMade } from "../components/routes/plan";
import { routesRequest } from "../components/routes/request";
import { failureOf, failuresOf, hasUnknowns } from "./checking";
import { propertyDiff } from "./property-diff";
import { type Properties, type ResourceHandler, unknown } from "./resource";

/**
 * Which routes a cloud's tables get.
 *
 * The plan is made in check, as that of addresses is. What stands in the tables today is looked at and not kept: it
 * changes with every route that is made.
 */
export const routePlanHandler: ResourceHandler = {
  check(previous, { routes: _routes, adopted: _adopted, leaving: _leaving, ...wanted }, context) {
    if (hasUnknowns([wanted.subnets, wanted.podCidr, wanted.quota])) {
      context.log("warning", "the pod subnets are not known yet: this preview shows no routes");
      return { inputs: { tables: unknown, routes: unknown, adopted: unknown }, failures: [] };
    }
    const asked = known(wanted);
    const request = routesRequest.safeParse(asked);
    if (!request.success) return { inputs: wanted, failures: failuresOf(routesRequest, asked) };
    const { made, problems, warnings } = decide(madeBefore(previous), request.data);
    for (const warning of warnings) context.log("warning", warning);
    const tables = Object.entries(made.tables).map(([table, id]) => [table, id ?? unknown]);
    return { inputs: { ...made, tables: Object.fromEntries(tables) }, failures: problems.map(failureOf) };
  },
  diff(previousInputs, _previousOutputs, wanted) {
    return {
      ...propertyDiff(previousInputs.tables, wanted.tables, "tables", 1),
      ...propertyDiff(previousInputs.routes, wanted.routes, "routes", 1),
      ...propertyDiff(previousInputs.adopted, wanted.adopted, "adopted", 2),
    };
  },
  async create({ routes, adopted }) {
    return { id: "routes", outputs: { routes, adopted } };
  },
  async update(_id, _previousInputs, _previousOutputs, { routes, adopted }) {
    return { outputs: { routes, adopted } };
  },
  async read(id, inputs, outputs) {
    return { id, inputs, outputs };
  },
  async delete() {},
};

function madeBefore(previous: Properties | undefined): RoutesMade | undefined {
  return previous && !hasUnknowns(previous.routes) ? (previous as unknown as RoutesMade) : undefined;
}

/** Without what is not known yet: a list of which one part is unknown is unknown as a whole. */
function known(value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).filter(([, member]) => member !== unknown && !isUnknownList(member));
  return Object.fromEntries(members.map(([name, member]) => [name, known(member)]));
}

function isUnknownList(value: unknown): boolean {
  return Array.isArray(value) && hasUnknowns(value);
}
