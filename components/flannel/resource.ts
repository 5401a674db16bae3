import * as pulumi from "@pulumi/pulumi";
import { parse } from "../parse";
import { backend, pskOf } from "./backends";
import type { FlannelSettings } from "./complete";
import { netConf } from "./configuration";

/**
 * flannel's configuration; with a pre-shared key in it, a secret.
 *
 * @param component whose settings they are, as errors begin
 */
export function secretNetConf(component: string, settings: FlannelSettings): string | pulumi.Output<string> {
  const psk = pskOf(settings.backend);
  if (psk === undefined) return netConf(settings);
  return pulumi.secret(psk as pulumi.Input<string>).apply((known) => {
    // One that comes as an output is read here for the first time.
    parse(`${component} "${settings.name}"`, backend, { ...settings.backend, psk: known });
    return netConf(settings, known);
  });
}
