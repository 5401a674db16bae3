import type { Found } from "../../../../components/policy/reach/read-objects";

const of = (apiVersion: string, kind: string, name: string, spec?: object): Found => ({
  where: `${kind} ${name}`,
  object: {
    apiVersion,
    kind,
    metadata: {
      name,
      ...(kind === "Namespace" ? { labels: { "kubernetes.io/metadata.name": name } } : { namespace: "shop" }),
    },
    ...(spec && { spec }),
  },
});
const deployment = (name: string, port: number) =>
  of("apps/v1", "Deployment", name, {
    template: {
      metadata: { labels: { app: name } },
      spec: { containers: [{ name: "c", ports: [{ containerPort: port }] }] },
    },
  });

/** A namespace in which only web reaches db. */
export const shop: Found[] = [
  of("v1", "Namespace", "shop"),
  deployment("web", 8080),
  deployment("db", 5432),
  of("networking.k8s.io/v1", "NetworkPolicy", "db", {
    podSelector: { matchLabels: { app: "db" } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app: "web" } } }], ports: [{ port: 5432 }] }],
  }),
];
