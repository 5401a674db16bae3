import type { KubernetesObject } from "../kubernetes/object";
import type { Container, MountedVolume } from "../kubernetes/pod";
import { values } from "../kubernetes/pod";
import { singleDeployment } from "../kubernetes/workload";
import type { ProgramSettings } from "./complete";
import { names } from "./names";

interface Program {
  /** Of the Deployment; the container has it too. */
  name: string;
  image: string;
  labels: Record<string, string>;
  serviceAccount?: string;
  /** It looks for the API server. @default true */
  asksApi?: boolean;
  container?: Partial<Container>;
  volumes?: MountedVolume[];
  annotations?: Record<string, string>;
  pod?: Record<string, unknown>;
}

/** Labels that Romana's services find its pods by. */
export const appLabel = (name: string) => ({ "romana-app": name.replace(/^romana-/, "") });

/**
 * One program for the whole cluster, in the network of a control plane's node: pods' network needs it to be there. Of
 * two at a time the second would find its port taken.
 */
export function deployment(program: Program, own: ProgramSettings): KubernetesObject {
  const { name, image, labels, volumes = [], annotations } = program;
  const metadata = { name, namespace: names.namespace, labels };
  const selector = appLabel(name);
  const env = program.asksApi === false ? [] : environment(own);
  return singleDeployment({
    metadata,
    selector,
    annotations,
    pod: {
      ...placeOf(own),
      hostNetwork: true,
      priorityClassName: "system-cluster-critical",
      ...(program.serviceAccount && { serviceAccountName: program.serviceAccount }),
      ...(own.pullSecrets.length > 0 && { imagePullSecrets: own.pullSecrets.map((one) => ({ name: one })) }),
      ...program.pod,
      containers: [
        {
          name,
          image,
          imagePullPolicy: own.pullPolicy,
          ...(env.length > 0 && { env }),
          ...program.container,
          ...(volumes.length > 0 && { volumeMounts: volumes.map(({ mount }) => mount) }),
        },
      ],
      ...(volumes.length > 0 && { volumes: volumes.map(({ volume }) => volume) }),
    },
  });
}

/** A control plane's node, which has the label without a value; its taints, and that of a node without a network. */
function placeOf({ nodeSelector }: ProgramSettings): Record<string, unknown> {
  const controlPlane = "node-role.kubernetes.io/control-plane";
  const has = [{ matchExpressions: [{ key: controlPlane, operator: "Exists" }] }];
  return {
    nodeSelector: { "kubernetes.io/os": "linux", ...nodeSelector },
    ...(nodeSelector === undefined && {
      affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: has } } },
    }),
    tolerations: [
      { key: controlPlane, operator: "Exists", effect: "NoSchedule" },
      { key: "node.kubernetes.io/not-ready", operator: "Exists" },
    ],
  };
}

/** Where the programs' starts look for the API server. */
export function environment({ apiServer }: ProgramSettings) {
  if (!apiServer) return [];
  const port = String(apiServer.port);
  return values({
    KUBERNETES_SERVICE_HOST: apiServer.host,
    KUBERNETES_SERVICE_PORT: port,
    KUBERNETES_SERVICE_PORT_HTTPS: port,
  });
}

/** A service of one address, which does not change. */
export function service(
  name: string,
  labels: Record<string, string>,
  { address, port, portName, app }: { address: string; port: number; portName: string; app: string },
): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: { name, namespace: names.namespace, labels },
    spec: {
      type: "ClusterIP",
      clusterIP: address,
      ports: [{ name: portName, port, protocol: "TCP", targetPort: port }],
      selector: { "romana-app": app },
    },
  };
}
