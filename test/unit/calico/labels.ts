import { type KubernetesObject, labelsOf } from "../../../components/kubernetes/object";

/** An object without the labels that are the same on everything of a network. */
export function withoutLabels(object: KubernetesObject, system: string, name = "pods"): KubernetesObject {
  const labels = labelsOf(system, name);
  const text = JSON.stringify(object, (key, value) => {
    if (key !== "labels" || typeof value !== "object") return value;
    const own = Object.entries(value as object).filter(([name]) => !(name in labels));
    return own.length > 0 ? Object.fromEntries(own) : undefined;
  });
  return JSON.parse(text) as KubernetesObject;
}
