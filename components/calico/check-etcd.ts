import type { Problem } from "../addresses/problem";
import type { Datastore } from "./datastore";

/** What an etcd as Calico's datastore needs, and what it excludes; none where the Kubernetes API is the datastore. */
export function etcdProblems({ datastore, typha }: { datastore: Datastore; typha: { replicas: number } }): Problem[] {
  if (datastore.type !== "etcd") return [];
  const encrypted = datastore.endpoints.some((one) => one.startsWith("https:"));
  return [
    ...(encrypted && !datastore.tlsSecret
      ? [
          {
            path: "datastore.tlsSecret",
            rule: "an endpoint speaks TLS, and no Secret with its certificates is named",
            fix: "say datastore.tlsSecret",
          },
        ]
      : []),
    ...(typha.replicas > 0
      ? [
          {
            path: "typha.replicas",
            value: String(typha.replicas),
            rule: "Typha stands before the Kubernetes API; etcd needs none",
            fix: "say typha: { replicas: 0 }",
          },
        ]
      : []),
  ];
}
