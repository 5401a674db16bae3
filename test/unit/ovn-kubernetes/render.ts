import type { KubernetesObject } from "../../../components/kubernetes/object";
import { objects } from "../../../components/ovn-kubernetes/objects";
import { read, type Written } from "./read";

/** With texts where the component has Pulumi outputs. */
export const certificate = {
  certificate: "the certificate",
  key: "the key",
  authorityBase64: "dGhlIGF1dGhvcml0eQ==",
  mark: "0f-of-the-certificate",
};

export function render(written: Written): KubernetesObject[] {
  const settings = read(written);
  const { first, second } = objects(settings, settings.identity.enabled ? certificate : undefined);
  return [...first, ...second];
}
