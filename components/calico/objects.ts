import { families } from "../addresses/families";
import { configMap, type KubernetesObject, labelsOf } from "../kubernetes/object";
import { hostDaemonSet } from "../kubernetes/workload";
import { sha256 } from "../node/kinds/file";
import { methodText } from "./autodetection";
import { cniConfig } from "./cni-config";
import type { CalicoSettings } from "./complete";
import { ctlJob, storedObjects } from "./ctl";
import { pluginToken } from "./felix-pod";
import { felixSpec } from "./felix-spec";
import { pullSecrets } from "./images";
import { kubeControllers } from "./kube-controllers";
import { reflectorPatches } from "./node-patches";
import type { NodePod } from "./node-pod";
import { installationObjects, operatorObjects } from "./operator";
import { partOf } from "./part";
import { nodeAccounts, passwordAccess } from "./rbac";
import { calicoResources } from "./resources";
import { typha } from "./typha";

const configName = "calico-config";

/**
 * Everything that Calico is in the cluster, but for the CustomResourceDefinitions: what is applied first, and what only
 * when that is there. They are removed the other way round.
 */
export function objects(settings: CalicoSettings): { first: KubernetesObject[]; second: KubernetesObject[] } {
  const stored = storedObjects(calicoResources(settings), labelsOf("calico", settings.name));
  if (settings.install === "operator")
    return {
      first: [
        ...operatorObjects(settings),
        ...reflectorPatches(settings),
        ...stored.filter(({ kind }) => kind !== "IPPool"),
      ],
      second: installationObjects(settings),
    };
  return { first: [...reflectorPatches(settings), ...manifestObjects(settings, stored)], second: [] };
}

function manifestObjects(settings: CalicoSettings, stored: KubernetesObject[]): KubernetesObject[] {
  const { name, namespace, datastore, agent, ipam, typha: wanted, version, images, apiServer } = settings;
  const labels = labelsOf("calico", name);
  const common = { namespace, labels, version, images, apiServer };
  const kubernetesDatastore = datastore.type === "kubernetes";
  const startsUp = agent.type === "calico-node";
  const config = cniConfigOf(settings);
  return [
    ...nodeAccounts({ namespace, labels }, "calico-node", { ipam, kubernetesDatastore, startsUp }),
    ...passwordAccess({ namespace, labels }, passwordSecrets(settings)),
    configMap({ name: configName, namespace, labels }, { cni_network_config: config }),
    ...(startsUp ? [] : [pluginToken({ namespace, labels })]),
    ...(kubernetesDatastore ? stored : ctlJob(calicoResources(settings), { ...common, datastore })),
    ...typha({ ...common, ipam, replicas: wanted.replicas, account: "calico-node" }),
    daemonSet(settings, labels, config),
    ...(startsUp ? kubeControllers({ ...common, datastore }) : []),
  ];
}

/** Names of the Secrets that passwords of BGP are in. */
function passwordSecrets({ bgp }: CalicoSettings): string[] {
  const passwords = [bgp.meshPassword, ...Object.values(bgp.peers).map(({ password }) => password)];
  return [...new Set(passwords.flatMap((one) => one?.secret ?? []))];
}

function cniConfigOf({ podCidr, ipam, mtu, datastore, cni, agent }: CalicoSettings): string {
  const filledIn = agent.type === "calico-node";
  return cniConfig({ families: families(podCidr), ipam, mtu, datastore, directory: cni.directory, filledIn });
}

function daemonSet(settings: CalicoSettings, labels: Record<string, string>, config: string): KubernetesObject {
  const { initContainers, containers, volumes } = partOf(nodePod(settings));
  return hostDaemonSet({
    metadata: { name: "calico-node", namespace: settings.namespace, labels },
    selector: { "k8s-app": "calico-node" },
    // The installer reads the configuration when the pod starts.
    annotations: { "podnet.dev/configuration": sha256(config).slice(0, 16) },
    serviceAccount: "calico-node",
    initContainers,
    containers,
    volumes: volumes.map(({ volume }) => volume),
    maxUnavailable: settings.maxUnavailable,
    pod: {
      // Nothing is served that an end could cut off: the kernel has the rules and routes.
      terminationGracePeriodSeconds: 0,
      securityContext: { seccompProfile: { type: "RuntimeDefault" } },
      ...pullSecrets(settings.images),
    },
  });
}

function nodePod(settings: CalicoSettings): NodePod {
  const { bgp, install, podCidr, felix } = settings;
  const backend = install === "policy-only" ? "none" : bgp.enabled ? "bird" : "vxlan";
  return {
    ...settings,
    configMap: configName,
    backend,
    clusterType: backend === "bird" ? "k8s,bgp" : "k8s",
    families: families(podCidr),
    healthPort: felix.healthPort,
    felix: felixSpec(settings),
    environment: backend === "none" ? {} : addresses(settings),
  };
}

/** How calico-node finds the node's addresses; a family that pods do not have is not looked for. */
function addresses({ autodetection }: CalicoSettings): Record<string, string> {
  const { ipv4, ipv6 } = autodetection;
  return {
    ...(ipv4
      ? { IP: "autodetect", IP_AUTODETECTION_METHOD: methodText(ipv4) }
      : { IP: "none", CALICO_ROUTER_ID: "hash" }),
    ...(ipv6 && { IP6: "autodetect", IP6_AUTODETECTION_METHOD: methodText(ipv6) }),
  };
}
