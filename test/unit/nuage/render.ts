import type { KubernetesObject } from "../../../components/kubernetes/object";
import { objects } from "../../../components/nuage/objects";
import { settingsOf, type Written } from "./read";

export const render = (written: Written): KubernetesObject[] =>
  objects(settingsOf(written), { userHash: "of the certificate" });
