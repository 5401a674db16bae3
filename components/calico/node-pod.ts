import type { Family } from "../addresses/cidr";
import {
  type Container,
  configMapKey,
  type EnvironmentVariable,
  fieldRef,
  hostPath,
  type MountedVolume,
  secretVolume,
  values,
} from "../kubernetes/pod";
import type { Agent } from "./agent";
import { type Datastore, etcdFiles } from "./datastore";
import { usualHealthPort } from "./felix";
import { felixParameters } from "./felix-spec";
import { type ImageSettings, programs } from "./images";

/** What a pod on each node needs to know to run Calico there; Canal's pod has the same part. */
export interface NodePod {
  namespace: string;
  version: string;
  images: ImageSettings;
  agent: Agent;
  datastore: Datastore;
  cni: { directory: string; binaries: string; fileName: string };
  /** The ConfigMap whose key cni_network_config is the CNI configuration. */
  configMap: string;
  /** What learns routes: BIRD, Felix alone (VXLAN), or nothing of Calico's. */
  backend: "bird" | "vxlan" | "none";
  /** In Calico's words, for its own statistics of a cluster: "k8s,bgp". */
  clusterType: string;
  families: readonly Family[];
  ipam: "calico-ipam" | "host-local";
  /** Whether the CNI configuration begins with flannel's plugin. @default false */
  flannelPlugin?: boolean;
  typha: { replicas: number };
  apiServer?: { host: string; port: number } | undefined;
  healthPort: number;
  /** Felix's configuration, as `felixSpec` writes it. */
  felix: Record<string, unknown>;
  /** Further variables of calico-node: how it finds its address. */
  environment: Record<string, string>;
}

/** The API server's own address, for containers that must reach it without kube-proxy. */
export function apiServerVariables({ apiServer }: Pick<NodePod, "apiServer">): EnvironmentVariable[] {
  if (!apiServer) return [];
  return values({ KUBERNETES_SERVICE_HOST: apiServer.host, KUBERNETES_SERVICE_PORT: String(apiServer.port) });
}

/** How a container reaches the datastore. */
export function datastoreVariables(datastore: Datastore): EnvironmentVariable[] {
  if (datastore.type === "kubernetes") return values({ DATASTORE_TYPE: "kubernetes" });
  const files = { ETCD_CA_CERT_FILE: etcdFiles.ca, ETCD_CERT_FILE: etcdFiles.cert, ETCD_KEY_FILE: etcdFiles.key };
  return values({
    DATASTORE_TYPE: "etcdv3",
    ETCD_ENDPOINTS: datastore.endpoints.join(","),
    ...(datastore.tlsSecret && files),
  });
}

/** Certificates of etcd, where there are any. */
export function certificates(datastore: Datastore): MountedVolume[] {
  if (datastore.type !== "etcd" || datastore.tlsSecret === undefined) return [];
  return [secretVolume("etcd-certs", datastore.tlsSecret, "/calico-secrets")];
}

/** Felix finds Typha by the Service's name; without Typha it watches the API server itself. */
export function typhaVariables({ typha, namespace }: Pick<NodePod, "typha" | "namespace">): EnvironmentVariable[] {
  if (typha.replicas === 0) return [];
  return values({ FELIX_TYPHAK8SSERVICENAME: "calico-typha", FELIX_TYPHAK8SNAMESPACE: namespace });
}

const privileged = { privileged: true };

/** Folders of the node that Calico's pods work in. */
const folders = {
  modules: hostPath("lib-modules", "/lib/modules", "DirectoryOrCreate", { readOnly: true }),
  lock: hostPath("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
  run: hostPath("var-run-calico", "/var/run/calico", "DirectoryOrCreate"),
  lib: hostPath("var-lib-calico", "/var/lib/calico", "DirectoryOrCreate"),
  sockets: hostPath("policysync", "/var/run/nodeagent", "DirectoryOrCreate"),
  bpf: hostPath("bpffs", "/sys/fs/bpf", "Directory"),
  log: hostPath("cni-log-dir", "/var/log/calico/cni", "DirectoryOrCreate", { readOnly: true }),
};
/** What Felix needs of the node, whichever image it runs from. */
export const felixFolders: MountedVolume[] = [folders.modules, folders.lock, folders.run, folders.lib];

export function cniFolders({ cni }: Pick<NodePod, "cni">): { binaries: MountedVolume; configuration: MountedVolume } {
  return {
    binaries: hostPath("cni-bin-dir", cni.binaries, "DirectoryOrCreate", { mountPath: "/host/opt/cni/bin" }),
    configuration: hostPath("cni-net-dir", cni.directory, "DirectoryOrCreate", { mountPath: "/host/etc/cni/net.d" }),
  };
}

/** A pod's containers and the volumes that they mount, each once. */
export interface Part {
  initContainers: Container[];
  containers: Container[];
  volumes: MountedVolume[];
}

/** Calico's own image on each node, with what must be done before it. */
export function calicoNode(pod: NodePod): Part {
  const { binaries, configuration } = cniFolders(pod);
  const certs = certificates(pod.datastore);
  const mounted = [...felixFolders, folders.sockets, folders.bpf, folders.log, configuration, ...certs];
  const sysfs = hostPath("sys-fs", "/sys/fs", "Directory", { mountPropagation: "Bidirectional" });
  const proc = hostPath("nodeproc", "/proc", "Directory", { mountPath: "/nodeproc", readOnly: true });
  const leases = hostPath("host-local-net-dir", "/var/lib/cni/networks", "DirectoryOrCreate");
  const upgrades = pod.ipam === "calico-ipam" && pod.datastore.type === "kubernetes";
  return {
    initContainers: [
      ...(upgrades ? [upgradeIpam(pod, [leases, binaries])] : []),
      installCni(pod, [binaries, configuration, ...certs]),
      prepare(pod, [
        sysfs,
        { ...folders.run, mount: { ...folders.run.mount, mountPropagation: "Bidirectional" } },
        proc,
      ]),
    ],
    containers: [container(pod, mounted)],
    volumes: [...mounted, binaries, sysfs, proc, ...(upgrades ? [leases] : [])],
  };
}

/** Addresses that host-local gave before become Calico's, where a cluster comes from there. */
function upgradeIpam(pod: NodePod, mounted: MountedVolume[]): Container {
  return {
    name: "upgrade-ipam",
    ...programs(pod.version, pod.images).upgradeIpam,
    imagePullPolicy: pod.images.pullPolicy,
    env: [
      ...apiServerVariables(pod),
      fieldRef("KUBERNETES_NODE_NAME", "spec.nodeName"),
      ...values({ CALICO_NETWORKING_BACKEND: pod.backend }),
    ],
    volumeMounts: mounted.map(({ mount }) => mount),
    securityContext: { ...privileged, runAsUser: 0 },
  };
}

function installCni(pod: NodePod, mounted: MountedVolume[]): Container {
  return {
    name: "install-cni",
    ...programs(pod.version, pod.images).installCni,
    imagePullPolicy: pod.images.pullPolicy,
    env: [
      ...apiServerVariables(pod),
      ...datastoreVariables(pod.datastore),
      fieldRef("KUBERNETES_NODE_NAME", "spec.nodeName"),
      configMapKey("CNI_NETWORK_CONFIG", pod.configMap, "cni_network_config"),
      ...values({
        CNI_CONF_NAME: pod.cni.fileName,
        CNI_NET_DIR: pod.cni.directory,
        // Plugins of the image that the configuration does not name would stay on the node for nothing.
        SKIP_CNI_BINARIES: ["bandwidth", "tuning", ...(pod.flannelPlugin ? [] : ["flannel"])].join(),
        SLEEP: "false",
      }),
    ],
    volumeMounts: mounted.map(({ mount }) => mount),
    securityContext: { ...privileged, runAsUser: 0 },
  };
}

/** Mounts what eBPF needs; without eBPF it does no harm, and takes away what eBPF left. */
function prepare(pod: NodePod, mounted: MountedVolume[]): Container {
  return {
    name: "prepare-node",
    ...programs(pod.version, pod.images).prepareNode,
    imagePullPolicy: pod.images.pullPolicy,
    volumeMounts: mounted.map(({ mount }) => mount),
    securityContext: privileged,
  };
}

function container(pod: NodePod, mounted: MountedVolume[]): Container {
  const { node, health, shutdown } = programs(pod.version, pod.images);
  const parts = pod.backend === "bird" ? (["felix", "bird"] as const) : (["felix"] as const);
  return {
    name: "calico-node",
    image: node,
    imagePullPolicy: pod.images.pullPolicy,
    env: environment(pod),
    securityContext: privileged,
    resources: { requests: { cpu: "250m" } },
    lifecycle: { preStop: { exec: { command: shutdown } } },
    livenessProbe: {
      exec: { command: health("live", parts) },
      periodSeconds: 10,
      initialDelaySeconds: 10,
      failureThreshold: 6,
      timeoutSeconds: 10,
    },
    readinessProbe: { exec: { command: health("ready", parts) }, periodSeconds: 10, timeoutSeconds: 10 },
    volumeMounts: mounted.map(({ mount }) => mount),
  };
}

function environment(pod: NodePod): EnvironmentVariable[] {
  // In etcd there is no FelixConfiguration before calicoctl wrote it, and Felix must not begin with other values.
  const felix = pod.datastore.type === "etcd" ? felixParameters(pod.felix) : {};
  return [
    ...apiServerVariables(pod),
    ...datastoreVariables(pod.datastore),
    fieldRef("NODENAME", "spec.nodeName"),
    ...(pod.datastore.type === "etcd" ? [fieldRef("CALICO_K8S_NODE_REF", "spec.nodeName")] : []),
    ...values({
      WAIT_FOR_DATASTORE: "true",
      CALICO_NETWORKING_BACKEND: pod.backend,
      CLUSTER_TYPE: pod.clusterType,
      // Pools are podnet's objects. calico-node would make one of its own, and translate what leaves it.
      NO_DEFAULT_POOLS: "true",
      CALICO_DISABLE_FILE_LOGGING: "true",
      FELIX_HEALTHENABLED: "true",
      // The pod's probes look there, and read no FelixConfiguration.
      ...(pod.healthPort !== usualHealthPort && { FELIX_HEALTHPORT: String(pod.healthPort) }),
      ...(pod.ipam === "host-local" && { USE_POD_CIDR: "true" }),
      // Where it looks for Secrets with passwords of BGP.
      ...(pod.backend === "bird" && pod.namespace !== "kube-system" && { NAMESPACE: pod.namespace }),
      ...pod.environment,
      ...Object.fromEntries(Object.entries(felix).map(([name, value]) => [`FELIX_${name.toUpperCase()}`, value])),
    }),
    ...typhaVariables(pod),
  ];
}
