import { allowedConnections, asked } from "../../components/policy/reach/connections";
import type { Endpoint } from "../../components/policy/reach/endpoint";
import { evaluate } from "../../components/policy/reach/evaluate";
import { endpointName } from "../../components/policy/reach/group";
import type { Reachability } from "../../components/policy/reach/reachability";
import { type Found, readObjects } from "../../components/policy/reach/read-objects";
import { trafficWords } from "../../components/policy/reach/traffic-words";
import { lineOf } from "../reach/report";
import type { Reach, ReachCell } from "./model";

/** Up to this many workloads each has a row; above, each namespace. */
const singlyUpTo = 40;

/** Groups of connections listed; a policy for each workload makes as many as there are pairs. */
const mostLines = 2000;

/** Who reaches whom in a cluster with these objects; undefined where there is no workload among them. */
export function reachOf(objects: readonly Found[]): Reach | undefined {
  const { world, unevaluated } = readObjects(objects);
  const result = evaluate(world);
  if (result.pods === 0) return undefined;
  const by = result.endpoints.length <= singlyUpTo ? "workload" : "namespace";
  const groups = [...Map.groupBy(result.endpoints.keys(), (index) => rowOf(index, result, by))];
  const allowed = allowedConnections(result);
  const left =
    allowed.length > mostLines ? [`${allowed.length - mostLines} more groups of connections are not listed`] : [];
  return {
    by,
    names: groups.map(([name]) => name),
    cells: groups.map(([, from]) => groups.map(([, to]) => cellOf(result, from, to))),
    lines: allowed.slice(0, mostLines).map((one) => lineOf(one, result)),
    unevaluated: [...new Set([...unevaluated, ...result.unevaluated, ...left])],
  };
}

function rowOf(index: number, { endpoints }: Reachability, by: Reach["by"]): string {
  const endpoint = endpoints[index] as Endpoint;
  if (!endpoint.namespace) return by === "namespace" ? "outside" : endpoint.name;
  return by === "namespace"
    ? endpoint.namespace.name
    : `${endpoint.namespace.name}/${endpointName(endpoint, endpoints)}`;
}

/** Pairs with the same number and families may say the same to each other: words are made once for all of them. */
function cellOf(reach: Reachability, from: readonly number[], to: readonly number[]): ReachCell {
  const table = reach.table();
  const found = new Map<string, [number, number]>();
  let [pairs, open] = [0, 0];
  for (const source of from)
    for (const target of to) {
      if (!asked(reach, source, target)) continue;
      pairs += 1;
      const number = table[source * reach.endpoints.length + target] as number;
      if (reach.traffic(number).length === 0) continue;
      open += 1;
      found.set(`${number} ${reach.families(source, target)}`, [source, target]);
    }
  if (pairs === 0) return { share: "not asked", text: "–" };
  if (open === 0) return { share: "none", text: "nothing" };
  const words = new Set(
    [...found.values()].map(([source, target]) =>
      trafficWords(reach.allowed(source, target), reach.families(source, target)),
    ),
  );
  const traffic = words.size === 1 ? ([...words][0] as string) : "various";
  return {
    share: open === pairs && traffic === "all" ? "all" : "some",
    text: open === pairs ? traffic : `${traffic}, ${open} of ${pairs}`,
  };
}
