import { Port } from "../calico/policy/port";
import type { Allowance, Baseline } from "./baseline";
import { type CniName, type Enforcement, enforcement } from "./enforcement";

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
    ...baseline.allowances.flatMap((one) => portLimits(baseline, one, known)),
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

function portLimits(baseline: Baseline, one: Allowance, { title, lacks }: Enforcement): Limit[] {
  const where = `${policyOf(baseline, one)}; rule ${one.name}`;
  return one.ports.flatMap((text): Limit[] => {
    const { port } = Port.parse(text);
    if (typeof port === "number") return [];
    const isRange = /^\d+-\d+$/.test(port);
    if (isRange && lacks.includes("port ranges"))
      return [{ where, what: `${title} does not know endPort: of ${text} only the first port is open` }];
    if (!isRange && lacks.includes("named ports"))
      return [{ where, what: `${title} does not know ports by name: ${text} stays closed; say its number` }];
    return [];
  });
}

function policyOf({ name, selection }: Baseline, one?: Allowance): string {
  const place = one?.namespace
    ? one.namespace
    : "names" in selection
      ? some(selection.names)
      : "labels" in selection
        ? `namespaces ${Object.entries(selection.labels).map((pair) => pair.join("="))}`
        : `all namespaces but ${selection.allBut.join(", ") || "none"}`;
  return `policy ${one?.pods || one?.namespace ? `${name}-${one.name}` : name} in ${place}`;
}

function some(names: readonly string[]): string {
  return names.length > 5 ? `${names.slice(0, 5).join(", ")} and ${names.length - 5} more` : names.join(", ");
}
