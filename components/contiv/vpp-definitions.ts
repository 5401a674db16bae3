import type { KubernetesObject } from "../kubernetes/object";

/** Kinds that contiv-crd reads, by their group. It knows their fields itself; the API server keeps whatever is in them. */
const kinds = [
  ["nodeconfig.contiv.vpp", "NodeConfig", "nodeconfigs"],
  ["telemetry.contiv.vpp", "TelemetryReport", "telemetryreports"],
  ["contivpp.io", "CustomNetwork", "customnetworks"],
  ["contivpp.io", "ExternalInterface", "externalinterfaces"],
  ["contivpp.io", "ServiceFunctionChain", "servicefunctionchains"],
  ["contivpp.io", "CustomConfiguration", "customconfigurations"],
] as const;

/** Their definitions in the API that Kubernetes has them in today. */
export function definitions(labels: Record<string, string>): KubernetesObject[] {
  const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  return kinds.map(([group, kind, plural]) => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `${plural}.${group}`, labels },
    spec: {
      group,
      scope: "Namespaced",
      names: { kind, plural, singular: kind.toLowerCase() },
      versions: [
        {
          name: "v1",
          served: true,
          storage: true,
          schema: { openAPIV3Schema: { type: "object", properties: { spec: open, status: open } } },
        },
      ],
    },
  }));
}
