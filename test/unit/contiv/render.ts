import { objects } from "../../../components/contiv/objects";
import type { KubernetesObject } from "../../../components/kubernetes/object";
import { settingsOf, type Written } from "./read";

export const render = (written: Written): KubernetesObject[] => objects(settingsOf(written));
