import type { Problem } from "../../addresses/problem";
import { ruleProblems } from "./check-rule";
import type { GlobalPolicy, PolicySettings } from "./settings";

interface Cluster {
  /** Whether Calico's release has tiers. */
  hasTiers: boolean;
  /** The nodes' names, where they are known. */
  nodes?: readonly string[];
}

/** Tiers that Calico makes itself, from v3.30 on. */
const builtIn = ["default", "kube-admin", "kube-baseline"];

/**
 * What is wrong with policy beyond a single field. Objects go to the Kubernetes API as they are stored, and nothing
 * behind it looks at them: a policy that Felix cannot read is one that does not decide.
 */
export function policyProblems(settings: PolicySettings, cluster: Cluster): Problem[] {
  return [
    ...Object.entries(settings.globalPolicies).flatMap(([name, policy]) => [
      ...tierProblems(`globalPolicies.${name}.tier`, policy.tier, settings, cluster),
      ...globalPolicyProblems(`globalPolicies.${name}`, policy),
    ]),
    ...Object.keys(settings.tiers).flatMap((name) => ownTierProblems(name, cluster)),
    ...hostEndpointProblems(settings, cluster),
  ];
}

function tierProblems(path: string, tier: string, { tiers }: PolicySettings, { hasTiers }: Cluster): Problem[] {
  if (tiers[tier] !== undefined || tier === "default" || (hasTiers && builtIn.includes(tier))) return [];
  return [
    {
      path,
      value: tier,
      rule: `there is no tier ${tier}, and a policy of a tier that is not there decides nothing`,
      fix: `name one of ${[...new Set([...Object.keys(tiers), ...builtIn])].join(", ")}, or add it to tiers`,
    },
  ];
}

function ownTierProblems(name: string, { hasTiers }: Cluster): Problem[] {
  const path = `tiers.${name}`;
  if (!hasTiers)
    return [
      {
        path,
        rule: "tiers came to open-source Calico with v3.30",
        fix: "say version v3.30.0 or later, or leave tiers out",
      },
    ];
  if (!builtIn.includes(name)) return [];
  return [
    { path, rule: `Calico makes the tier ${name} itself`, fix: "use it without adding it, or take another name" },
  ];
}

function globalPolicyProblems(path: string, policy: GlobalPolicy): Problem[] {
  const { ingress, egress, doNotTrack, preDnat, applyOnForward } = policy;
  const problems: Problem[] = [];
  if (!ingress && !egress)
    problems.push({
      path,
      rule: "the policy has neither ingress nor egress, and decides nothing",
      fix: "give it a list of rules for a direction; an empty one denies that direction",
    });
  if (doNotTrack && preDnat)
    problems.push({ path, rule: "doNotTrack and preDnat exclude each other", fix: "make two policies" });
  if (preDnat && egress)
    problems.push({
      path: `${path}.egress`,
      rule: "preDnat decides over ingress only",
      fix: "put egress into a policy of its own",
    });
  if ((doNotTrack || preDnat) && applyOnForward === false)
    problems.push({
      path: `${path}.applyOnForward`,
      rule: "doNotTrack and preDnat policies also decide over what is forwarded",
      fix: "leave applyOnForward out",
    });
  for (const field of ["selector", "namespaceSelector", "serviceAccountSelector"] as const)
    if (policy[field]?.includes("global()"))
      problems.push({
        path: `${path}.${field}`,
        value: policy[field],
        rule: "global() means what is in no namespace, and only a rule's namespaceSelector takes it",
        fix: "leave it out; a global policy selects host endpoints by their labels",
      });
  return [
    ...problems,
    ...(ingress ?? []).flatMap((rule, index) => ruleProblems(`${path}.ingress[${index}]`, rule, "ingress")),
    ...(egress ?? []).flatMap((rule, index) => ruleProblems(`${path}.egress[${index}]`, rule, "egress")),
  ];
}

function hostEndpointProblems({ hostEndpoints }: PolicySettings, { nodes }: Cluster): Problem[] {
  return Object.entries(hostEndpoints).flatMap(([name, { node, interfaceName, expectedIps }]) => {
    const path = `hostEndpoints.${name}`;
    const problems: Problem[] = [];
    if (interfaceName === undefined && expectedIps.length === 0)
      problems.push({
        path,
        rule: "the host endpoint names neither interfaceName nor expectedIps",
        fix: 'name the interface ("*" for all of the node), or the addresses that it has',
      });
    if (nodes && !nodes.includes(node))
      problems.push({
        path: `${path}.node`,
        value: node,
        rule: `there is no node ${node}`,
        fix: `nodes are: ${nodes.join(", ")}`,
      });
    return problems;
  });
}
