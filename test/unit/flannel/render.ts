import { netConf } from "../../../components/flannel/configuration";
import { objects } from "../../../components/flannel/objects";
import type { KubernetesObject } from "../../../components/kubernetes/object";
import { read, type Written } from "./read";

/** With the texts where the component has Pulumi outputs. */
export function render(written: Written): KubernetesObject[] {
  const settings = read(written);
  const psk = "psk" in settings.backend ? (settings.backend.psk as string | undefined) : undefined;
  return objects(settings, { netConf: netConf(settings, psk), hash: "of the configuration" });
}
