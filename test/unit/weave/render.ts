import type { KubernetesObject } from "../../../components/kubernetes/object";
import { objects } from "../../../components/weave/objects";
import { read, type Written } from "./read";

/** With the texts where the component has Pulumi outputs. */
export function render(written: Written): KubernetesObject[] {
  const settings = read(written);
  const { password } = settings;
  return objects(settings, password === undefined ? undefined : { text: password, mark: "0f-of-the-password" });
}
