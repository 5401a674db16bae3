import { Port } from "../calico/policy/port";
import { few } from "../few";
import type { Allowance, Baseline } from "./baseline";
import { type CniName, type Enforcement, enforcement } from "./enforcement";
import { isRange } from "./peer";

/** What a CNI will not do of a baseline: where, and what comes of it. */
export interface Limit {
  /** "policy baseline in web, shop; rule monitoring". */
  where: string;
  what: string;
}

/** What the CNI does not enforce, for each policy and rule. */
export function limits(baseline: Baseline, cni: CniName): Limit[] {
  const known: Enforcement = enforcement[cni];
  if (known.lacks.includes("policy"))
    return [{ where: policyOf(baseline), what: `${known.title} reads no policy: nothing of it is enforced` }];
  return [
    ...directionLimits(baseline, known),
    // Of a direction that stays open all is said.
    ...baseline.allowances
      .filter(({ direction }) => known.directions.includes(direction))
      .flatMap((one) => [...peerLimits(baseline, one, known), ...portLimits(baseline, one, known)]),
  ];
}

function directionLimits(baseline: Baseline, { title, directions }: Enforcement): Limit[] {
  return baseline.closed
    .filter((direction) => !directions.includes(direction))
    .map((direction) => ({
      where: `${policyOf(baseline)}; every rule of ${direction}`,
      what: `${title} enforces no ${direction}: it stays open`,
    }));
}

function peerLimits(baseline: Baseline, one: Allowance, { title, lacks }: Enforcement): Limit[] {
  const ranges = one.peers.filter(isRange).map(({ range }) => range);
  if (!lacks.includes("ranges") || ranges.length === 0) return [];
  const what = `${title} does not know ranges of addresses: none of ${few(ranges, 5)} is enforced; name pods by labels`;
  return [{ where: `${policyOf(baseline, one)}; rule ${one.name}`, what }];
}

function portLimits(baseline: Baseline, one: Allowance, { title, lacks }: Enforcement): Limit[] {
  const where = `${policyOf(baseline, one)}; rule ${one.name}`;
  return one.ports.flatMap((text): Limit[] => {
    const { protocol, port } = Port.parse(text);
    if (protocol === "sctp" && lacks.includes("sctp"))
      return [{ where, what: `${title} does not know SCTP: ${text} is not enforced` }];
    if (typeof port === "number") return [];
    const isSpan = /^\d+-\d+$/.test(port);
    if (isSpan && lacks.includes("port ranges"))
      return [{ where, what: `${title} does not know endPort: of ${text} only the first port is open` }];
    if (!isSpan && lacks.includes("policies with named ports"))
      return [
        {
          where,
          what: `${title} refuses all of the policy for the port by name ${text}: it closes nothing; say its number`,
        },
      ];
    if (!isSpan && lacks.includes("named ports"))
      return [{ where, what: `${title} does not know ports by name: ${text} stays closed; say its number` }];
    return [];
  });
}

function policyOf({ name, selection }: Baseline, one?: Allowance): string {
  const place = one?.namespace
    ? one.namespace
    : "names" in selection
      ? few(selection.names, 5)
      : "labels" in selection
        ? `namespaces ${Object.entries(selection.labels).map((pair) => pair.join("="))}`
        : `all namespaces but ${selection.allBut.join(", ") || "none"}`;
  return `policy ${one?.pods || one?.namespace ? `${name}-${one.name}` : name} in ${place}`;
}
