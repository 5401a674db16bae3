import { stringify } from "yaml";
import type { Credential } from "./certificates";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** A kubeconfig with everything in it, for one user of one cluster. */
export function kubeconfigText(
  server: string,
  authority: string,
  user: string,
  { certificate, key }: Credential,
): string {
  return stringify({
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name: "lab", cluster: { server, "certificate-authority-data": base64(authority) } }],
    users: [{ name: user, user: { "client-certificate-data": base64(certificate), "client-key-data": base64(key) } }],
    contexts: [{ name: "lab", context: { cluster: "lab", user } }],
    "current-context": "lab",
  });
}
