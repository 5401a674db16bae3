import type { KubernetesObject } from "../kubernetes/object";
import { values } from "../kubernetes/pod";
import { accountWithRole } from "../kubernetes/rbac";
import { singleDeployment } from "../kubernetes/workload";
import type { Datastore } from "./datastore";
import { type ImageSettings, programs } from "./images";
import { apiServerVariables, certificates, datastoreVariables, type NodePod } from "./node-pod";
import { controllerPermissions } from "./rbac";
import { restrictedPod } from "./restricted-pod";
import { since } from "./version";

interface Wanted extends Pick<NodePod, "namespace" | "version" | "apiServer"> {
  images: ImageSettings;
  labels: Record<string, string>;
  datastore: Datastore;
}

/** Calico's controllers, one of them at a time: they give back the addresses of pods and nodes that are gone. */
export function kubeControllers(wanted: Wanted): KubernetesObject[] {
  const { namespace, labels, datastore } = wanted;
  const metadata = { name: "calico-kube-controllers", namespace, labels };
  const selector = { "k8s-app": metadata.name };
  return [
    ...accountWithRole(metadata, controllerPermissions(datastore.type === "kubernetes")),
    {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata,
      spec: { maxUnavailable: 1, selector: { matchLabels: selector } },
    },
    singleDeployment({ metadata, selector, pod: pod(wanted) }),
  ];
}

function pod(wanted: Wanted) {
  const { kubeControllers: program, checkControllers } = programs(wanted.version, wanted.images);
  const probe = (flag: string) => ({
    exec: { command: [...checkControllers, flag] },
    periodSeconds: 10,
    timeoutSeconds: 10,
  });
  return restrictedPod({
    name: "calico-kube-controllers",
    program,
    images: wanted.images,
    serviceAccount: "calico-kube-controllers",
    tolerations: [
      { key: "CriticalAddonsOnly", operator: "Exists" },
      { key: "node-role.kubernetes.io/control-plane", effect: "NoSchedule" },
      { key: "node-role.kubernetes.io/master", effect: "NoSchedule" },
    ],
    env: [
      ...apiServerVariables(wanted),
      ...datastoreVariables(wanted.datastore),
      ...values({ ENABLED_CONTROLLERS: controllers(wanted) }),
    ],
    livenessProbe: { ...probe("-l"), initialDelaySeconds: 10, failureThreshold: 6 },
    readinessProbe: probe("-r"),
    volumes: certificates(wanted.datastore).map(({ volume, mount }) => ({
      volume: { ...volume, secret: { ...(volume.secret as object), defaultMode: 0o440 } },
      mount,
    })),
    // In etcd lie the policies that could close its way to etcd.
    ...(wanted.datastore.type === "etcd" && { pod: { hostNetwork: true } }),
  });
}

/** In etcd, the controllers also keep copies of what Kubernetes has. LoadBalancer pools came with v3.30. */
function controllers({ datastore, version }: Wanted): string {
  const loadBalancer = since(version, "3.30.0") ? ["loadbalancer"] : [];
  const copies = datastore.type === "etcd" ? ["policy", "namespace", "serviceaccount", "workloadendpoint"] : [];
  return [...copies, "node", ...loadBalancer].join(",");
}
