import type { Properties } from "../../../provider/resource";
import type { KubernetesObject } from "./object";

/** What an object is still waited for, as a sentence for the live column; undefined when it is as it was wanted. */
export function waitedFor(object: KubernetesObject): string | undefined {
  if (object.metadata.annotations?.["pulumi.com/skipAwait"] === "true") return undefined;
  return waits[object.kind]?.(object);
}

const waits: Record<string, (object: KubernetesObject) => string | undefined> = {
  CustomResourceDefinition: (object) =>
    ["NamesAccepted", "Established"].every((type) => condition(object, type)) ? undefined : "waiting to be established",
  Namespace: ({ status }) => (status?.phase === "Active" ? undefined : "waiting to be active"),
  DaemonSet(object) {
    const wanted = count(object, "desiredNumberScheduled");
    return rolledOut(object, wanted, count(object, "updatedNumberScheduled"), count(object, "numberAvailable"));
  },
  Deployment: replicated("availableReplicas"),
  StatefulSet: replicated("readyReplicas"),
  Job: (object) => (condition(object, "Complete") ? undefined : "waiting for its pods to be done"),
  Pod: (object) =>
    condition(object, "Ready") || object.status?.phase === "Succeeded" ? undefined : "waiting for its containers",
  APIService: (object) => (condition(object, "Available") ? undefined : "waiting for its service to answer"),
};

function replicated(available: string) {
  return (object: KubernetesObject) => {
    const wanted = Number(object.spec?.replicas ?? 1);
    return rolledOut(object, wanted, count(object, "updatedReplicas"), count(object, available));
  };
}

/** All pods are of the last template, and all of them can be used. */
function rolledOut(object: KubernetesObject, wanted: number, updated: number, available: number): string | undefined {
  if (count(object, "observedGeneration") < (object.metadata.generation ?? 0)) return "waiting for its controller";
  if (updated < wanted) return `${updated} of ${wanted} pods are updated`;
  if (available < wanted) return `${available} of ${wanted} pods are available`;
  return undefined;
}

const count = ({ status }: KubernetesObject, name: string) => Number(status?.[name] ?? 0);

function condition(object: KubernetesObject, type: string): boolean {
  return list(object, "conditions").some((one) => one.type === type && one.status === "True");
}

/** Why pods do not run, a line for each that has no node and for each container that waits or failed. */
export function complaints(pods: readonly KubernetesObject[]): string[] {
  return pods.flatMap((pod) => {
    const name = `pod ${pod.metadata.namespace}/${pod.metadata.name}`;
    const unplaced = list(pod, "conditions").filter(
      ({ type, status }) => type === "PodScheduled" && status === "False",
    );
    const statuses = [...list(pod, "initContainerStatuses"), ...list(pod, "containerStatuses")];
    const stopped = statuses.map((one) => {
      const { waiting, terminated } = (one.state ?? {}) as { waiting?: Reason; terminated?: Reason };
      return { ...(waiting ?? terminated), container: `, container ${one.name}` };
    });
    return [...unplaced.map((reason) => ({ ...(reason as Reason), container: "" })), ...stopped]
      .filter(({ reason = "Completed" }) => reason !== "Completed")
      .map(({ reason, message = "", container }) => `${name}${container}: ${reason} ${message}`.trim());
  });
}

interface Reason {
  reason?: string;
  message?: string;
}

function list({ status }: KubernetesObject, name: string): Properties[] {
  const members = status?.[name];
  return Array.isArray(members) ? members : [];
}
