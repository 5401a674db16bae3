import { distance } from "fastest-levenshtein";
import type { Endpoint } from "../../components/policy/reach/endpoint";
import { endpointName } from "../../components/policy/reach/group";
import type { Reachability } from "../../components/policy/reach/reachability";
import { type Answer, endpointsCalled, portAsked, why } from "../../components/policy/reach/why";

/** Why one workload reaches another, for every pair that the two words may mean. */
export interface Answered {
  from: string;
  to: string;
  answers: Answer[];
}

/** @throws Error for a word that means no workload, with the nearest name */
export function answersOf(reach: Reachability, from: string, to: string, port: string | undefined): Answered[] {
  const [sources, destinations] = [meant(reach, from), meant(reach, to)];
  return sources.flatMap((source) =>
    destinations.map((destination) => {
      const asked = port === undefined ? undefined : portAsked(port, reach.endpoints[destination] as Endpoint);
      if (port !== undefined && !asked)
        throw new Error(
          `--port ${port} is no port of ${to}; say 443, udp/53 or the name of one of its containers' ports`,
        );
      return {
        from: called(reach, source),
        to: called(reach, destination),
        answers: why(reach, source, destination, asked),
      };
    }),
  );
}

function meant(reach: Reachability, text: string): number[] {
  const found = endpointsCalled(text, reach);
  if (found.length > 0) return found;
  const names = reach.endpoints.map((_, index) => called(reach, index));
  const [near] = names
    .map((name) => ({ name, changes: distance(name.replace(/\/[A-Z]\w+\//, "/"), text) }))
    .sort((left, right) => left.changes - right.changes);
  const likely =
    near && near.changes <= 3 ? `did you mean ${near.name}?` : `there are: ${names.slice(0, 10).join(", ")}`;
  throw new Error(`no workload is called ${text}, as in NAMESPACE/NAME; ${likely}`);
}

function called({ endpoints }: Reachability, index: number): string {
  const endpoint = endpoints[index] as Endpoint;
  const name = endpointName(endpoint, endpoints);
  return endpoint.namespace ? `${endpoint.namespace.name}/${name}` : name;
}

/** Which pairs are shown: all, or those with an end in one of the namespaces. */
export function chosen(
  { endpoints }: Reachability,
  namespaces: readonly string[] | undefined,
): ((from: Endpoint, to: Endpoint) => boolean) | undefined {
  if (!namespaces) return undefined;
  const known = new Set(endpoints.map(({ namespace }) => namespace?.name));
  const missing = namespaces.filter((name) => !known.has(name));
  if (missing.length > 0)
    throw new Error(
      `no workload is in the namespace ${missing.join(", ")}; there are: ${[...known].filter(Boolean).join(", ")}`,
    );
  const inside = ({ namespace }: Endpoint) => namespace !== undefined && namespaces.includes(namespace.name);
  return (from, to) => inside(from) || inside(to);
}
