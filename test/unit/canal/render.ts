import { flannelOf } from "../../../components/canal/complete";
import { objects } from "../../../components/canal/objects";
import { netConf } from "../../../components/flannel/configuration";
import type { KubernetesObject } from "../../../components/kubernetes/object";
import { read, type Written } from "./read";

/** With the texts where the component has Pulumi outputs. */
export function render(written: Written): KubernetesObject[] {
  const settings = read(written);
  const mode = settings.datastore.type === "etcd" ? "etcd" : "kubernetes";
  const psk = "psk" in settings.backend ? (settings.backend.psk as string | undefined) : undefined;
  const given = { netConf: netConf({ ...flannelOf(settings), mode }, psk), hash: "0f-the-configuration" };
  return objects(settings, given);
}
