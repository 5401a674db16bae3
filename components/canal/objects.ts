import { ctlJob, storedObjects } from "../calico/ctl";
import { pluginToken } from "../calico/felix-pod";
import { felixSpec } from "../calico/felix-spec";
import { kubeControllers } from "../calico/kube-controllers";
import type { CalicoResource } from "../calico/policy/objects";
import { policyResources } from "../calico/policy/objects";
import { nodeAccounts } from "../calico/rbac";
import { clusterInformation, felixConfiguration, kubeControllersConfiguration } from "../calico/resources";
import { typha } from "../calico/typha";
import { cloudKeysOf, pskOf } from "../flannel/backends";
import { files, names } from "../flannel/names";
import type { GivenConfiguration } from "../flannel/objects";
import { configMap, type KubernetesObject, labelsOf, secret } from "../kubernetes/object";
import { canalConfig } from "./cni-config";
import type { CanalSettings } from "./complete";
import { account, configName, daemonSet } from "./daemon-set";
import { flannelJob } from "./etcd";

/** Everything that Canal is in the cluster, but for the CustomResourceDefinitions. */
export function objects(settings: CanalSettings, given: GivenConfiguration): KubernetesObject[] {
  const { name, namespace, agent, datastore, version, images, apiServer } = settings;
  const labels = labelsOf("canal", name);
  const place = { namespace, labels };
  const common = { ...place, version, images, apiServer };
  const startsUp = agent.type === "calico-node";
  const stored = datastore.type === "kubernetes";
  return [
    ...nodeAccounts(place, account, { ipam: "host-local", kubernetesDatastore: stored, startsUp, flanneld: true }),
    configMap({ ...place, name: configName }, { cni_network_config: canalConfig(settings) }),
    ...configurationOfFlannel(settings, given, place),
    ...(startsUp ? [] : [pluginToken(place)]),
    ...(stored ? storedObjects(resources(settings), labels) : ctlJob(resources(settings), { ...common, datastore })),
    ...(stored ? [] : [flannelJob(settings, given, place)]),
    ...typha({ ...common, ipam: "host-local", replicas: settings.typha.replicas, account }),
    daemonSet(settings, given, labels),
    ...(startsUp ? kubeControllers({ ...common, datastore }) : []),
  ];
}

/** Calico's resources. No pool is among them: what has no pool is translated by nobody but flannel. */
function resources(settings: CanalSettings): CalicoResource[] {
  return [
    ...(settings.agent.type === "felix" ? [clusterInformation(settings.version, "k8s,canal")] : []),
    felixConfiguration(felixSpec(settings)),
    ...(settings.autoHostEndpoints ? [kubeControllersConfiguration()] : []),
    ...policyResources(settings, settings.version),
  ];
}

/** flannel's configuration, and what of it is a secret. In etcd it is a key. */
function configurationOfFlannel(
  { backend, datastore }: CanalSettings,
  { netConf }: GivenConfiguration,
  place: { namespace: string; labels: Record<string, string> },
): KubernetesObject[] {
  const hidden = pskOf(backend) !== undefined;
  const secrets = { ...(hidden && { [files.netConf]: netConf }), ...cloudKeysOf(backend) };
  return [
    ...(hidden || datastore.type === "etcd"
      ? []
      : [configMap({ ...place, name: names.configuration }, { [files.netConf]: netConf as string })]),
    ...(Object.keys(secrets).length > 0 ? [secret({ ...place, name: names.secret }, secrets)] : []),
  ];
}
