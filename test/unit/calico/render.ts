import { objects } from "../../../components/calico/objects";
import type { KubernetesObject } from "../../../components/kubernetes/object";
import { read, type Written } from "./read";

/** Everything that is applied, in its order. */
export function render(settings: Written): KubernetesObject[] {
  const { first, second } = objects(read(settings));
  return [...first, ...second];
}
