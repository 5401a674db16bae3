import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Lab } from "../../../lab";
import { kubectl } from "../kubernetes/web";

const image = "registry.k8s.io/e2e-test-images/agnhost:2.63.0";

interface Workload {
  namespace: string;
  name: string;
  node: string;
  labels: Record<string, string>;
  /** The port that it answers at, by TCP and by UDP, as DNS does. */
  port: number;
  hostNetwork?: true;
}

const workload = (namespace: string, name: string, node: string, more: Partial<Workload> = {}): Workload => ({
  namespace,
  name,
  node,
  labels: { app: name },
  port: 8080,
  ...more,
});

/** In every namespace on both nodes, where it matters which. */
export const workloads: readonly Workload[] = [
  // Stands in for CoreDNS: what answers at its ports, by its labels.
  workload("kube-system", "dns", "node1", { labels: { "k8s-app": "kube-dns" }, port: 53 }),
  workload("kube-system", "other", "node2"),
  workload("ingress", "controller", "node2"),
  workload("monitoring", "prometheus", "node1"),
  workload("shop", "till", "node1"),
  workload("shop", "operator", "node2"),
  workload("shop", "admission", "node2"),
  workload("web", "front", "node1"),
  workload("web", "back", "node2"),
  workload("outside", "stranger", "node1"),
  workload("outside", "host", "node2", { hostNetwork: true, port: 18080 }),
];

/** The second container's port, that a name is given: what monitoring reads. */
const metricsPort = 9100;

export async function startWorkloads(lab: Lab): Promise<void> {
  await kubectl(lab, "apply -f -", readFileSync(join(__dirname, "workloads.yaml"), "utf8"));
  const namespaces = new Set(workloads.map((one) => one.namespace));
  // A pod is refused that has no account yet, and its namespace gets one some time after it is made.
  for (const namespace of namespaces)
    await kubectl(lab, `wait serviceaccount/default -n ${namespace} --for=create --timeout=480s`);
  await kubectl(lab, "apply -f -", workloads.map((one) => stringify(pod(one))).join("---\n"));
  for (const namespace of namespaces)
    await kubectl(lab, `wait pods --all -n ${namespace} --for=condition=Ready --timeout=480s`);
}

function pod({ namespace, name, node, labels, port, hostNetwork }: Workload): object {
  const server = (container: string, at: number) => ({
    name: container,
    image,
    args: ["netexec", `--http-port=${at}`, `--udp-port=${at}`],
    ports: [{ name: container, containerPort: at }],
    readinessProbe: { httpGet: { path: "/healthz", port: at }, periodSeconds: 1 },
  });
  return {
    apiVersion: "v1",
    kind: "Pod",
    metadata: { namespace, name, labels },
    spec: {
      nodeName: node,
      terminationGracePeriodSeconds: 0,
      ...(hostNetwork && { hostNetwork }),
      containers: [server("http", port), ...(hostNetwork ? [] : [server("metrics", metricsPort)])],
    },
  };
}
