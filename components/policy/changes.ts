import type { ChangeTable } from "../change";
import { changeTable, type Rule, type Verdict } from "../change-table";
import { disruptive, safe } from "../network-nodes/changes";
import { servedNames } from "./allowances";
import { directionsOf } from "./complete";
import type { ParsedSettings } from "./settings";

const audited = safe("an audit applies nothing");

/** What a rule says only once the baseline is enforced. */
const enforced =
  (verdict: Verdict | ((previous: unknown, next: unknown, settings: ParsedSettings) => Verdict)): Rule =>
  (previous, next, settings) => {
    if ((settings as ParsedSettings).migrate === "audit") return audited;
    return typeof verdict === "function" ? verdict(previous, next, settings as ParsedSettings) : verdict;
  };

const opens = safe("it opens, and closes nothing");
const cuts = disruptive("connections that it opened before are cut");

/** Openings add up: one more closes nothing. */
const opening = enforced((previous, next) => (isMore(previous, next) ? opens : cuts));

/** Unset is all of them, or what the profile has. */
const served = enforced((previous, next, { profile }) => {
  const [before, after] = [previous, next].map((one) => servedNames(one as string[] | undefined, profile));
  return isMore(before, after) ? opens : cuts;
});

/** Unset is as "deny" where egress is closed, and leaves open what is not. */
const metadata = enforced((previous, next, settings) => {
  const isClosed = directionsOf(settings) !== "ingress";
  const closes = isClosed ? previous === "gke" || previous === "allow" : next === "deny";
  return closes ? cuts : opens;
});

function isMore(previous: unknown, next: unknown): boolean {
  if (previous === undefined || previous === false) return true;
  if (!Array.isArray(previous)) return false;
  const kept = [next].flat().map((one) => JSON.stringify(one));
  return previous.every((one) => kept.includes(JSON.stringify(one)));
}

const closing = enforced(disruptive("connections that no opening allows are cut"));
const rewritten = enforced(disruptive("policies are replaced by others; between the two, pods may be open or closed"));
const place = enforced(disruptive("another order decides which policy comes first"));
const told = safe("only what is checked and told");

/** What a change of each setting does, by path. */
export const rules: Record<string, Rule> = {
  name: rewritten,
  migrate: (_previous, next) =>
    next === "enforce"
      ? disruptive("connections that no opening allows are cut from now on; the audit lists those it saw")
      : safe("the policies are removed: everything is open again"),
  profile: closing,
  directions: closing,
  namespaces: closing,
  "namespaces.names": closing,
  "namespaces.labels": closing,
  "namespaces.allBut": closing,
  "namespaces.among": enforced(disruptive("policies come to namespaces and leave others")),
  "openings.dns": opening,
  "openings.apiServer": opening,
  "openings.ingressController": opening,
  "openings.monitoring": opening,
  "openings.webhooks": opening,
  "openings.metadata": metadata,
  "openings.nodes": opening,
  "openings.served": served,
  "openings.others.*": opening,
  form: rewritten,
  tier: place,
  priority: place,
  order: place,
  nuagePriority: place,
  cni: told,
  calicoVersion: told,
  serviceCidr: told,
  kubeletConfig: told,
  auditLimit: told,
  nodes: told,
  segments: told,
};

/** What may change how in a baseline: from its recorded settings to the wanted ones. */
export const changes: ChangeTable = changeTable(rules);
