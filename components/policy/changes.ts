import type { ChangeTable } from "../change";
import { changeTable, type Rule, type Verdict } from "../change-table";
import { disruptive, safe } from "../network-nodes/changes";

const audited = safe("an audit applies nothing");

/** What a rule says only once the baseline is enforced. */
const enforced =
  (verdict: Verdict | ((previous: unknown, next: unknown) => Verdict)): Rule =>
  (previous, next, settings) => {
    if ((settings as { migrate?: string }).migrate === "audit") return audited;
    return typeof verdict === "function" ? verdict(previous, next) : verdict;
  };

/** Openings add up: one more closes nothing. */
const opening = enforced((previous, next) =>
  isMore(previous, next)
    ? safe("it opens, and closes nothing")
    : disruptive("connections that it opened before are cut"),
);

function isMore(previous: unknown, next: unknown): boolean {
  if (previous === undefined) return true;
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
  "openings.metadata": opening,
  "openings.nodes": opening,
  "openings.served": opening,
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
