import { type Baseline, type Direction, selects } from "./baseline";
import { networkPolicies } from "./network-policy";
import { evaluate } from "./reach/evaluate";
import type { Reachability } from "./reach/reachability";
import { everything, includes, intersection, ipv4, ipv6, type Protocol, ports } from "./reach/traffic";
import { outsideAround } from "./reach/why";
import type { Workload } from "./reach/world";

export interface Flow {
  /** Address of who asks. */
  from: string;
  /** Address of who is asked: behind a service, the pod's. */
  to: string;
  /** "tcp", "udp" or "sctp". */
  protocol: string;
  port: number;
}

/** Which direction would cut a flow; undefined: it goes on. */
export type Cuts = (flow: Flow) => Direction | undefined;

/**
 * What a baseline cuts. Labels of namespaces are not known: those that the baseline selects by label all count as
 * selected, and none as a peer, so that rather too much is told.
 */
export function cutBy(baseline: Baseline, pods: readonly Workload[]): Cuts {
  const places = [...new Set(pods.map(({ namespace }) => namespace))];
  const names = baseline.names ?? places.filter((name) => selects(baseline.selection, name) !== false);
  const policies = networkPolicies({ ...baseline, names });
  return cutIn(evaluate({ namespaces: [], workloads: pods, serviceAccounts: [], nodes: [], policies }));
}

/** What the policies of an evaluation cut. */
export function cutIn(reach: Reachability): Cuts {
  // Addresses of the host network are the node's, whichever of its pods asks.
  const known = new Map(
    reach.endpoints.flatMap(({ hostNetwork, pods }, index) =>
      hostNetwork ? [] : pods.flatMap(({ addresses }) => addresses.map((address) => [address, index] as const)),
    ),
  );
  const at = (address: string): number | undefined => {
    const index = known.get(address) ?? outsideAround(address, reach.endpoints)[0];
    if (index !== undefined) known.set(address, index);
    return index;
  };
  return ({ from, to, protocol, port }) => {
    const [client, server] = [at(from), at(to)];
    // Of a family that no pod has and no policy speaks of.
    if (client === undefined || server === undefined) return undefined;
    // Pods of two families may be open to each other in one of them.
    const family = everything(to.includes(":") ? ipv6 : ipv4);
    const asked = intersection(ports(protocol.toUpperCase() as Protocol, port, port), family);
    if (asked.some(([point]) => includes(reach.allowed(client, server), point))) return undefined;
    const cut = reach.connections(client, server).find(({ traffic }) => intersection(traffic, asked).length > 0);
    return cut && (cut.ingress.allow ? "egress" : "ingress");
  };
}
