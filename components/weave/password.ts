import { scryptSync } from "node:crypto";
import { lines } from "../network-nodes/host-files";

/**
 * Another value when the password is another, for whoever reads pods and units to see that, and no more: it takes so long
 * to work out that guessing a password by it is not worth the while.
 */
export function markOf(network: string, password: string): string {
  return scryptSync(password, `podnet ${network}`, 8).toString("hex");
}

/** The file of the password, as systemd reads it for the environment of weave. */
export function passwordFile(password: string): string {
  return lines([`WEAVE_PASSWORD="${password.replaceAll(/["\\$`]/g, "\\$&")}"`]);
}
