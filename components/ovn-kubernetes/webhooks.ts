import type { KubernetesObject } from "../kubernetes/object";
import { names, ports } from "./names";

/** A certificate for `localhost` and what it is trusted by, in PEM: text in a test, Pulumi outputs otherwise. */
export interface WebhookCertificate {
  certificate: unknown;
  key: unknown;
  /** In base64, as webhooks have it. */
  authorityBase64: unknown;
  /** Another value when the certificate is another. */
  mark: unknown;
}

/** The certificate where ovnkube-identity reads it. */
export function webhookSecret(
  labels: Record<string, string>,
  { certificate, key }: WebhookCertificate,
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name: names.webhookCertificate, namespace: names.namespace, labels },
    type: "kubernetes.io/tls",
    stringData: { "tls.crt": certificate, "tls.key": key },
  };
}

/** Each API server asks the ovnkube-identity of its own node whether an update of nodes and pods by OVN is allowed. */
export function webhooks(labels: Record<string, string>, { authorityBase64 }: WebhookCertificate): KubernetesObject[] {
  return (["node", "pod"] as const).map((what) => {
    const name = `ovn-kubernetes-admission-webhook-${what}`;
    return {
      apiVersion: "admissionregistration.k8s.io/v1",
      kind: "ValidatingWebhookConfiguration",
      metadata: { name, labels },
      webhooks: [
        {
          name: `${name}.k8s.io`,
          clientConfig: { url: `https://localhost:${ports.identity}/${what}`, caBundle: authorityBase64 },
          admissionReviewVersions: ["v1"],
          sideEffects: "None",
          rules: [
            {
              operations: ["UPDATE"],
              apiGroups: ["*"],
              apiVersions: ["*"],
              resources: [`${what}s/status`],
              scope: "*",
            },
          ],
        },
      ],
    };
  });
}
