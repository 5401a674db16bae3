import { allowances } from "./allowances";
import { type Baseline, type Direction, type Selection, selects } from "./baseline";
import { type CniName, cniOf } from "./enforcement";
import type { Labels } from "./labels";
import type { ParsedSettings } from "./settings";

/** Settings in which nothing is left open. */
export interface PolicySettings extends ParsedSettings {
  /** The baseline's name: that of its policies. */
  name: string;
  baseline: Baseline;
  /** What enforces policy, where it is known. */
  cni: CniName | undefined;
  calicoVersion: string;
}

/** What every resource of Pulumi has, and its SDK does not say: "podnet:index:CanalNetwork". */
interface Component {
  readonly __pulumiType?: string;
  readonly enforcesPolicy?: boolean;
  readonly calicoVersion?: string;
}

/** The namespaces of the CIS benchmark, which RKE2 closes. */
const cisNamespaces = ["default", "kube-public", "kube-system"];

/** Fills in the defaults that depend on other settings. */
export function complete(name: string, parsed: ParsedSettings): PolicySettings {
  const { form } = parsed;
  const component = parsed.network as Component | undefined;
  const directions = directionsOf(parsed);
  const onlyMetadata = parsed.openings.metadata === "deny" && directions === "ingress";
  const closed: Direction[] = directions === "both" || onlyMetadata ? ["ingress", "egress"] : [directions];
  const selection = selectionOf(parsed);
  const names = namesOf(parsed);
  const hasSystem = names ? names.includes("kube-system") : selects(selection, "kube-system") === true;
  const open = allowances(parsed, { hasSystem, onlyMetadata }).filter(({ direction }) => closed.includes(direction));
  return {
    ...parsed,
    name,
    calicoVersion: parsed.calicoVersion ?? component?.calicoVersion ?? "v3.32.1",
    cni: parsed.cni ?? cniOf(component?.__pulumiType, component?.enforcesPolicy),
    baseline: {
      name,
      // A NetworkPolicy stands in a namespace: there are those whose names are known.
      selection: form === "NetworkPolicy" && names ? { names } : selection,
      names,
      closed,
      allowances: open,
    },
  };
}

/** Which directions are closed, where the profile decides it too. */
export function directionsOf({ directions, profile }: Pick<ParsedSettings, "directions" | "profile">) {
  return directions ?? (profile === "same-namespace" || profile === "cis" ? "ingress" : "both");
}

/** Without a word the namespaces of cis; elsewhere check.ts has refused that. */
function selectionOf({ namespaces }: ParsedSettings): Selection {
  if (namespaces === undefined) return { names: cisNamespaces };
  if ("names" in namespaces) return { names: [...new Set(namespaces.names)].sort() };
  return "labels" in namespaces ? { labels: namespaces.labels } : { allBut: namespaces.allBut };
}

function namesOf(parsed: ParsedSettings): string[] | undefined {
  const selection = selectionOf(parsed);
  if ("names" in selection) return selection.names;
  const among = parsed.namespaces && "among" in parsed.namespaces ? parsed.namespaces.among : undefined;
  if (among === undefined) return undefined;
  const missing =
    "labels" in selection ? Object.fromEntries(Object.keys(selection.labels).map((key) => [key, ""])) : {};
  const known = Object.entries(among).filter(([name, found]: [string, Labels]) =>
    selects(selection, name, { ...missing, ...found }),
  );
  return known.map(([name]) => name).sort();
}
