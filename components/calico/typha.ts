import type { KubernetesObject, Metadata } from "../kubernetes/object";
import { values } from "../kubernetes/pod";
import { type ImageSettings, programs } from "./images";
import { apiServerVariables, type NodePod } from "./node-pod";
import { restrictedPod } from "./restricted-pod";

/** TCP port that Felix meets Typha at, and where Typha tells its health. */
export const typhaPort = 5473;
const healthPort = 9098;

interface Wanted extends Pick<NodePod, "namespace" | "version" | "apiServer" | "ipam"> {
  images: ImageSettings;
  labels: Record<string, string>;
  replicas: number;
  /** The account of the pods on nodes: Typha reads what they would. */
  account: string;
}

/** Typha: one watch of the API server for a hundred nodes. On the nodes' own network, since pods have none before it. */
export function typha(wanted: Wanted): KubernetesObject[] {
  if (wanted.replicas === 0) return [];
  const { namespace, labels } = wanted;
  const metadata: Metadata & { namespace: string } = { name: "calico-typha", namespace, labels };
  const selector = { "k8s-app": "calico-typha" };
  return [
    {
      apiVersion: "v1",
      kind: "Service",
      metadata,
      spec: {
        selector,
        ports: [{ name: "calico-typha", port: typhaPort, protocol: "TCP", targetPort: "calico-typha" }],
      },
    },
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
    },
    {
      apiVersion: "apps/v1",
      kind: "Deployment",
      metadata,
      spec: {
        replicas: wanted.replicas,
        revisionHistoryLimit: 2,
        selector: { matchLabels: selector },
        strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: "100%", maxUnavailable: 1 } },
        template: { metadata: { labels: { ...labels, ...selector } }, spec: pod(wanted, selector) },
      },
    },
  ];
}

function pod(wanted: Wanted, selector: Record<string, string>) {
  const probe = (path: string) => ({
    httpGet: { host: "localhost", path, port: healthPort },
    periodSeconds: 10,
    timeoutSeconds: 10,
  });
  return restrictedPod({
    name: "calico-typha",
    program: programs(wanted.version, wanted.images).typha,
    images: wanted.images,
    serviceAccount: wanted.account,
    tolerations: [{ operator: "Exists" }],
    ports: [{ name: "calico-typha", containerPort: typhaPort, protocol: "TCP" }],
    env: [
      ...apiServerVariables(wanted),
      ...values({
        TYPHA_DATASTORETYPE: "kubernetes",
        TYPHA_LOGSEVERITYSCREEN: "info",
        TYPHA_LOGFILEPATH: "none",
        TYPHA_LOGSEVERITYSYS: "none",
        TYPHA_CONNECTIONREBALANCINGMODE: "kubernetes",
        TYPHA_K8SNAMESPACE: wanted.namespace,
        TYPHA_HEALTHENABLED: "true",
        TYPHA_SHUTDOWNTIMEOUTSECS: "300",
        ...(wanted.ipam === "host-local" && { USE_POD_CIDR: "true" }),
      }),
    ],
    livenessProbe: { ...probe("/liveness"), initialDelaySeconds: 30, periodSeconds: 30 },
    readinessProbe: probe("/readiness"),
    fsGroup: 65534,
    pod: {
      hostNetwork: true,
      // Nodes are sent to the other replicas one after another; it is told the same time.
      terminationGracePeriodSeconds: 300,
      // Two on one node would want one port.
      affinity: {
        podAntiAffinity: {
          requiredDuringSchedulingIgnoredDuringExecution: [
            { topologyKey: "kubernetes.io/hostname", labelSelector: { matchLabels: selector } },
          ],
        },
      },
    },
  });
}
