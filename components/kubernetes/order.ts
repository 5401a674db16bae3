import type { KubernetesObject } from "./object";

const first = new Set(["Namespace", "CustomResourceDefinition", "PriorityClass"]);
const last = new Set(["DaemonSet", "Deployment", "StatefulSet", "Job", "CronJob", "Pod", "APIService"]);

/**
 * Objects in the stages in which they are applied, each waiting for the one before it, and in which, backwards, they
 * are removed: what others are made in or of; accounts, roles, configuration and custom resources; tokens of accounts,
 * which Kubernetes deletes when there is no account; jobs, which write what daemons read at their start only; what runs
 * on the nodes' own network; what runs on that of pods, whose addresses only a network that still runs takes back.
 */
export function stages(objects: readonly KubernetesObject[]): KubernetesObject[][] {
  return [0, 1, 2, 3, 4, 5]
    .map((stage) => objects.filter((one) => stageOf(one) === stage))
    .filter(({ length }) => length > 0);
}

function stageOf({ kind, spec, type }: KubernetesObject): number {
  if (first.has(kind)) return 0;
  if (kind === "Secret" && type === "kubernetes.io/service-account-token") return 2;
  if (!last.has(kind)) return 1;
  if (kind === "Job") return 3;
  const { template } = (spec ?? {}) as { template?: { spec?: { hostNetwork?: boolean } } };
  return kind === "Deployment" && template?.spec?.hostNetwork !== true ? 5 : 4;
}
