import type { Found } from "../../../components/policy/reach/read-objects";
import type { Step } from "../../engine/stand-in/stand-in";

type Bag = Record<string, unknown>;

const of = (apiVersion: string, kind: string, metadata: Bag, more: Bag = {}): Found => ({
  where: `${kind} ${String(metadata.name)}`,
  object: { apiVersion, kind, metadata, ...more },
});
const namespace = (name: string) => of("v1", "Namespace", { name, labels: { "kubernetes.io/metadata.name": name } });
const deployment = (inside: string, app: string, port: number, label = "app") => {
  const ports = [{ containerPort: port }, { name: "metrics", containerPort: 9100 }];
  const template = { metadata: { labels: { [label]: app } }, spec: { containers: [{ name: "c", ports }] } };
  return of("apps/v1", "Deployment", { name: app, namespace: inside }, { spec: { template } });
};

/** The workloads that policies of a replay decide over. */
export const workloads: Found[] = [
  ...["kube-system", "monitoring", "shop", "web"].map(namespace),
  deployment("kube-system", "kube-dns", 53, "k8s-app"),
  deployment("kube-system", "metrics-server", 10250, "k8s-app"),
  deployment("shop", "db", 5432),
  deployment("shop", "cart", 8080),
  deployment("web", "web", 8080),
  deployment("monitoring", "prometheus", 9090),
];

/** What a cluster has after what was done to it, by the resources' names. */
export function objectsAfter(objects: ReadonlyMap<string, Bag>, steps: readonly Step[]): Map<string, Bag> {
  const left = new Map(objects);
  for (const { step, type, name, inputs } of steps) {
    const key = `${type} ${name}`;
    if (step === "delete") left.delete(key);
    else left.set(key, inputs);
  }
  return left;
}

export function found(objects: ReadonlyMap<string, Bag>): Found[] {
  return [...objects].map(([where, object]) => ({ where, object }));
}
