import { isNamed } from "./check-form";
import type { PolicySettings } from "./complete";
import { enforcement } from "./enforcement";
import { limits } from "./limits";
import { cancelling, openedMetadata } from "./metadata";
import { ofOwnNamespace } from "./parts";

/** What is likely to go wrong, and is the user's to judge; and what is not enforced. */
export function settingsWarnings(settings: PolicySettings): string[] {
  const { cni, baseline, form, tier, beside } = settings;
  // What the Admin tier closes no NetworkPolicy opens.
  const isCancelled = form !== "ClusterNetworkPolicy" || tier === "Baseline";
  return [
    ...(cni
      ? limits(baseline, cni).map(({ where, what }) => `${where}: ${what}`)
      : ["nothing says which CNI these pods have: whether the policies are enforced is not known; say network or cni"]),
    ...(cni ? notesOf(settings) : []),
    ...systemWarnings(settings),
    ...amongWarnings(settings),
    ...(form === "ClusterNetworkPolicy" && baseline.closed.includes("ingress")
      ? [
          "ClusterNetworkPolicy's ingress speaks of pods alone: what comes from nodes and from outside the cluster stays as it is",
        ]
      : []),
    ...(form === "ClusterNetworkPolicy" && baseline.allowances.some(({ ports }) => ports.some(isNamed))
      ? [
          "ports by name are in ClusterNetworkPolicy's experimental definitions alone; say their numbers for the standard ones",
        ]
      : []),
    ...openedMetadata(settings.openings.metadata === "gke" ? [] : baseline.allowances).map(
      ([{ name }, addresses]) => `rule ${name} opens the cloud's metadata service: ${addresses.join(", ")}`,
    ),
    ...(isCancelled && baseline.closed.includes("egress") && settings.openings.metadata !== "allow"
      ? cancelling(
          beside.filter(({ metadata }) => baseline.names?.includes(metadata.namespace ?? "default") ?? true),
        ).map(
          ([policy, addresses]) =>
            `NetworkPolicy ${policy} opens ${addresses.join(", ")}, and what one policy opens no other closes: ` +
            "its pods reach the cloud's metadata service; leave the addresses out of it by except",
        )
      : []),
  ];
}

function notesOf({ cni, form }: PolicySettings): string[] {
  const { title, note } = enforcement[cni as keyof typeof enforcement] as { title: string; note?: string };
  const aboutForm = note?.startsWith("ClusterNetworkPolicy");
  return note && (!aboutForm || form === "ClusterNetworkPolicy") ? [`${title}: ${note}`] : [];
}

/** What selects by label while the cluster runs, elsewhere, here stands for the namespaces that the program knows. */
function amongWarnings({ form, baseline }: PolicySettings): string[] {
  const own = ofOwnNamespace(baseline).map(({ name }) => name);
  if (form === "NetworkPolicy" || own.length === 0 || "names" in baseline.selection) return [];
  return [
    `${form} has an object for each namespace, as ${[...new Set(own)].join(", ")} asks for it: ` +
      "a namespace that is selected and not listed in namespaces.among stays open",
  ];
}

/** kube-system has what every other namespace needs, and much of it asks upstream resolvers and the API server. */
function systemWarnings({ baseline }: PolicySettings): string[] {
  const hasSystem =
    baseline.names?.includes("kube-system") ??
    ("allBut" in baseline.selection && !baseline.selection.allBut.includes("kube-system"));
  if (
    !hasSystem ||
    !baseline.closed.includes("egress") ||
    baseline.allowances.some(({ name }) => name === "all-but-metadata")
  )
    return [];
  return [
    "egress of kube-system is closed: CoreDNS needs an opening to its upstream resolvers and, with metrics-server and other controllers, to the API server",
  ];
}
