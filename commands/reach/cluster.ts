import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Found } from "../../components/policy/reach/read-objects";
import { unlisted } from "./files";
import { named } from "./identity";

/** What decides over connections; those that a cluster does not have are not asked for. */
const kinds = [
  "namespaces",
  "nodes",
  "pods",
  "serviceaccounts",
  "networkpolicies.networking.k8s.io",
  "clusternetworkpolicies.policy.networking.k8s.io",
  "adminnetworkpolicies.policy.networking.k8s.io",
  "baselineadminnetworkpolicies.policy.networking.k8s.io",
  "ciliumnetworkpolicies.cilium.io",
  "ciliumclusterwidenetworkpolicies.cilium.io",
  "networkpolicies.crd.antrea.io",
  "clusternetworkpolicies.crd.antrea.io",
];

/** Calico's, which are in one API group or, of the same objects, in both. */
const calicoKinds = ["networkpolicies", "globalnetworkpolicies", "networksets", "globalnetworksets", "tiers"];
const calicoGroups = ["crd.projectcalico.org", "projectcalico.org"];

/** A cluster of some thousand pods answers with some ten megabytes. */
const mostBytes = 1024 ** 3;

const run = promisify(execFile);

/**
 * The objects of the cluster that KUBECONFIG names, asked by kubectl: it knows every way of authentication.
 *
 * @param context the context of the kubeconfig; its current one without
 */
export async function readCluster(context?: string): Promise<Found[]> {
  const flags = context === undefined ? [] : ["--context", context];
  const known = new Set((await kubectl([...flags, "api-resources", "--verbs=list", "-o", "name"])).trim().split(/\s+/));
  const calico = calicoKinds.flatMap((kind) =>
    calicoGroups
      .map((group) => `${kind}.${group}`)
      .filter((name) => known.has(name))
      .slice(0, 1),
  );
  const asked = [...kinds.filter((kind) => known.has(kind)), ...calico];
  const text = await kubectl([...flags, "get", asked.join(","), "--all-namespaces", "-o", "json"]);
  return unlisted("the cluster", JSON.parse(text) as object).map(({ where, object }) => ({
    where: `${where}, ${named(object)}`,
    object,
  }));
}

async function kubectl(words: readonly string[]): Promise<string> {
  try {
    return (await run("kubectl", words, { maxBuffer: mostBytes })).stdout;
  } catch (error) {
    const { code, stderr } = error as { code?: string | number; stderr?: string };
    if (code === "ENOENT")
      throw new Error(
        "podnet reach asks the cluster by kubectl, which is not on the PATH; name manifests, or install it",
      );
    const reason = stderr?.trim().split("\n").at(-1) || (error as Error).message;
    throw new Error(
      `the cluster does not answer: ${reason}\nSay which one by KUBECONFIG and --context, or name manifests to ask about files.`,
    );
  }
}
