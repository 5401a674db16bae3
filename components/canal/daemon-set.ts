import { families } from "../addresses/families";
import { felixSpec } from "../calico/felix-spec";
import { pullSecrets } from "../calico/images";
import type { NodePod } from "../calico/node-pod";
import { partOf } from "../calico/part";
import { flanneld, flanneldVolumes } from "../flannel/containers";
import type { GivenConfiguration } from "../flannel/objects";
import type { KubernetesObject } from "../kubernetes/object";
import { hostDaemonSet } from "../kubernetes/workload";
import { sha256 } from "../node/kinds/file";
import { canalConfig } from "./cni-config";
import { type CanalSettings, flannelOf } from "./complete";
import { flanneldOfEtcd } from "./etcd";

/** The account of the pods on nodes. */
export const account = "canal";
export const configName = "canal-config";

/** One pod on each node: flanneld, and what enforces policy. */
export function daemonSet(
  settings: CanalSettings,
  { hash }: GivenConfiguration,
  labels: Record<string, string>,
): KubernetesObject {
  const calico = partOf(nodePod(settings));
  const flannel = flannelOf(settings);
  const daemon =
    settings.datastore.type === "etcd"
      ? flanneldOfEtcd(settings)
      : { container: flanneld(flannel), volumes: flanneldVolumes(flannel) };
  const volumes = [...calico.volumes, ...daemon.volumes].map(({ volume }) => volume);
  return hostDaemonSet({
    metadata: { name: "canal", namespace: settings.namespace, labels },
    selector: { "k8s-app": "canal" },
    // Both are read at a start only.
    annotations: {
      "podnet.dev/configuration": sha256(canalConfig(settings)).slice(0, 16),
      "podnet.dev/flannel-configuration": hash as string,
    },
    serviceAccount: account,
    initContainers: calico.initContainers,
    containers: [...calico.containers, daemon.container],
    // Both lock xtables: a volume has its name once.
    volumes: volumes.filter(({ name }, index) => volumes.findIndex((one) => one.name === name) === index),
    maxUnavailable: settings.maxUnavailable,
    pod: {
      terminationGracePeriodSeconds: 0,
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      ...pullSecrets(settings.images),
    },
  });
}

function nodePod(settings: CanalSettings): NodePod {
  const { podCidr, felix } = settings;
  return {
    ...settings,
    configMap: configName,
    backend: "none",
    clusterType: "k8s,canal",
    families: families(podCidr),
    ipam: "host-local",
    flannelPlugin: settings.datastore.type === "etcd",
    healthPort: felix.healthPort,
    felix: felixSpec(settings),
    // A node's address is flannel's to know.
    environment: { IP: "" },
  };
}
