import type { Problem } from "../addresses/problem";
import { Port } from "../calico/policy/port";
import { since } from "../calico/version";
import { isGeneral } from "./baseline";
import { most, peer } from "./cluster-network-policy";
import type { PolicySettings } from "./complete";
import { type Enforcement, enforcement } from "./enforcement";
import { isMetadataDenied, openedMetadata } from "./metadata";
import { ofOwnNamespace, parts } from "./parts";
import { isRange } from "./peer";

/** What the form of objects cannot say, or the cluster does not know. */
export function formProblems(settings: PolicySettings): Problem[] {
  const { form } = settings;
  if (form === "NetworkPolicy") return [];
  return [...unknownForm(settings), ...(form === "ClusterNetworkPolicy" ? clusterProblems(settings) : [])];
}

function unknownForm({ form, cni, calicoVersion }: PolicySettings): Problem[] {
  if (cni === undefined || form === "NetworkPolicy") return [];
  const { title, forms }: Enforcement = enforcement[cni];
  if (!forms.includes(form))
    return [{ path: "form", value: form, rule: `${title} does not know ${form}`, fix: "leave form out" }];
  const isCalico = cni === "calico" || cni === "canal";
  return isCalico && form === "ClusterNetworkPolicy" && !since(calicoVersion, "3.32.0")
    ? [
        {
          path: "calicoVersion",
          value: calicoVersion,
          rule: "Calico knows ClusterNetworkPolicy from v3.32 on",
          fix: "take form: GlobalNetworkPolicy, or a later release",
        },
      ]
    : [];
}

function clusterProblems({ baseline, tier, openings }: PolicySettings): Problem[] {
  const toAll = isMetadataDenied(openings.metadata, baseline) ? baseline.allowances.filter(isGeneral) : [];
  const problems = openedMetadata(toAll).map(
    ([{ name }, addresses]): Problem => ({
      path: `openings (${name})`,
      value: addresses.join(", "),
      rule: "the cloud's metadata service is denied before anything is opened to all pods",
      fix: 'say which pods it is for, or openings.metadata: "allow"',
    }),
  );
  for (const { name, direction, peers, ports } of baseline.allowances) {
    const path = `openings (${name})`;
    const ranges = peers.filter(isRange);
    if (direction === "ingress" && ranges.length > 0)
      problems.push({
        path,
        value: ranges.map(({ range }) => range).join(", "),
        rule: "ClusterNetworkPolicy has no ranges in ingress, and does not close what comes from outside the cluster",
        fix: "leave the opening out",
      });
    if (direction === "egress" && ranges.length > 0 && ports.some(isNamed))
      problems.push({ path, rule: "a range has no ports by name", fix: "say their numbers" });
    if (ports.length > most)
      problems.push({
        path,
        rule: `a rule of ClusterNetworkPolicy has at most ${most} ports`,
        fix: "say a range, or make several openings of it",
      });
    if (peers.flatMap(peer).length > most)
      problems.push({
        path,
        rule: `a rule of ClusterNetworkPolicy has at most ${most} peers`,
        fix: "make several openings of it, or leave less out by except",
      });
  }
  // Without namespaces there are no objects, which check.ts has refused.
  const nameless = ofOwnNamespace(baseline).length > 0 && !baseline.names?.length;
  const long = (nameless ? [] : parts(baseline)).filter(({ allowances }) =>
    baseline.closed.some((direction) => allowances.filter((one) => one.direction === direction).length > most - 2),
  );
  for (const { name } of long)
    problems.push({
      path: "openings",
      rule: `ClusterNetworkPolicy ${name} would have more than ${most} rules in ${tier}`,
      fix: "join openings, or divide the namespaces among several baselines",
    });
  return problems;
}

export function isNamed(text: string): boolean {
  const { port } = Port.parse(text);
  return typeof port === "string" && !/^\d+-\d+$/.test(port);
}
