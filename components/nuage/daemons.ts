import type { KubernetesObject } from "../kubernetes/object";
import { configMapKey, fieldRef, hostPath, secretKey, secretVolume, values } from "../kubernetes/pod";
import { hostDaemonSet } from "../kubernetes/workload";
import { sha256 } from "../node/kinds/file";
import type { NuageSettings } from "./complete";
import { monitorConfig, networkConfig, places } from "./configuration";
import { installer, publisher } from "./fence";
import { names } from "./names";

export type Place = { namespace: string; labels: Record<string, string> };

/** What watches the cluster, on nodes of the control plane that have its label. */
export function monitorDaemon(settings: NuageSettings, place: Place, userHash: unknown): KubernetesObject {
  const { images, monitor } = settings;
  const log = hostPath("log", "/var/log", "Directory");
  const plugin = hostPath("plugin", "/usr/share/vsp-k8s", "DirectoryOrCreate");
  const own = hostPath("own", "/usr/share/nuagekubemon", "DirectoryOrCreate");
  const certificates = hostPath("certificates", "/etc/kubernetes/pki", "Directory", { readOnly: true });
  const user = secretVolume("vsd-user", names.vsdUser, places.vsdUser);
  const mounted = [log, plugin, own, certificates, user];
  return hostDaemonSet({
    metadata: { ...place, name: "nuage-master-monitor-ds" },
    selector: { "k8s-app": "nuage-master-monitor-ds" },
    annotations: {
      "podnet.dev/configuration": sha256(monitorConfig(settings) + networkConfig(settings)).slice(0, 16),
      "podnet.dev/vsd-user": userHash as string,
    },
    serviceAccount: names.account,
    nodeSelector: { "install-monitor": "true" },
    containers: [
      {
        name: "install-nuage-master-config",
        image: images.monitor,
        imagePullPolicy: images.pullPolicy,
        command: ["/configure-master.sh"],
        args: ["k8s"],
        ports: [{ containerPort: monitor.port, hostPort: monitor.port }],
        securityContext: { privileged: true },
        env: [
          fieldRef("KUBERNETES_NODE_NAME", "spec.nodeName"),
          configMapKey("NUAGE_MASTER_VSP_CONFIG", names.master, "monitor_yaml_config"),
          configMapKey("NUAGE_MASTER_NETWORK_CONFIG", names.master, "net_yaml_config"),
          secretKey("NUAGE_TOKEN", names.token, "token"),
        ],
        volumeMounts: mounted.map(({ mount }) => mount),
      },
    ],
    volumes: mounted.map(({ volume }) => volume),
    maxUnavailable: settings.maxUnavailable,
    pod: pulled(settings),
  });
}

/** The plugin on each node: its installer, behind a fence, and what puts its files where the runtime looks. */
export function cniDaemon(settings: NuageSettings, place: Place, configuration: string): KubernetesObject {
  const install = installer(settings);
  const publish = publisher(settings);
  const volumes = [...install.volumes, ...publish.volumes].map(({ volume }) => volume);
  return hostDaemonSet({
    metadata: { ...place, name: "nuage-cni-ds" },
    selector: { "k8s-app": "nuage-cni-ds" },
    annotations: { "podnet.dev/configuration": sha256(configuration).slice(0, 16) },
    serviceAccount: names.account,
    initContainers: [install.before],
    containers: [install.container, publish.container],
    volumes: volumes.filter(({ name }, index) => volumes.findIndex((one) => one.name === name) === index),
    maxUnavailable: settings.maxUnavailable,
    pod: pulled(settings),
  });
}

/** In a line of the switch's configuration that sed writes, a slash is sed's. */
const forSed = (cidr: string | undefined) => String(cidr).replace("/", "\\/");

/** The switch on each node. */
export function vrsDaemon(settings: NuageSettings, place: Place): KubernetesObject {
  const { images, vrs, podCidr, serviceCidr } = settings;
  const [active, standby] = vrs.controllers;
  const mounted = [
    hostPath("run", "/var/run", "Directory"),
    hostPath("log", "/var/log", "Directory"),
    hostPath("loaded", "/sys/module", "Directory", { readOnly: true }),
    hostPath("modules", "/lib/modules", "Directory", { readOnly: true }),
  ];
  return hostDaemonSet({
    metadata: { ...place, name: "nuage-vrs-ds" },
    selector: { "k8s-app": "nuage-vrs-ds" },
    serviceAccount: names.account,
    containers: [
      {
        name: "install-nuage-vrs",
        image: images.vrs,
        imagePullPolicy: images.pullPolicy,
        securityContext: { privileged: true },
        env: values({
          NUAGE_ACTIVE_CONTROLLER: String(active),
          ...(standby && { NUAGE_STANDBY_CONTROLLER: standby }),
          NUAGE_PLATFORM: `"${vrs.platform}"`,
          NUAGE_K8S_SERVICE_IPV4_SUBNET: forSed(serviceCidr[0]),
          NUAGE_K8S_POD_NETWORK_CIDR: forSed(podCidr[0]),
          NUAGE_NETWORK_UPLINK_INTF: vrs.uplink,
        }),
        volumeMounts: mounted.map(({ mount }) => mount),
      },
    ],
    volumes: mounted.map(({ volume }) => volume),
    maxUnavailable: settings.maxUnavailable,
    pod: pulled(settings),
  });
}

/** A pod that Nuage attaches, and which takes itself off again when it ends. */
export function infraDaemon(settings: NuageSettings, place: Place): KubernetesObject {
  const { images } = settings;
  const mounted = [hostPath("log", "/var/log", "Directory"), hostPath("run", "/var/run", "Directory")];
  const script = "/usr/bin/nuage-k8s-infra-pod.sh";
  const of = (name: string, key: string) => configMapKey(name, names.infra, key);
  const set = hostDaemonSet({
    metadata: { ...place, name: "nuage-infra-test-ds" },
    selector: { "k8s-app": "nuage-infra-test-ds" },
    serviceAccount: names.account,
    containers: [
      {
        name: "install-nuage-infra-test",
        image: images.infra,
        imagePullPolicy: images.pullPolicy,
        command: [script],
        securityContext: { privileged: true },
        lifecycle: { preStop: { exec: { command: [script, "-c"] } } },
        env: [
          of("VSP_ENTERPRISE", "enterprise_name"),
          of("VSP_DOMAIN", "domain_name"),
          of("VSP_USER", "vsd_user"),
          of("POD_NETWORK_CIDR", "pod_network_cidr"),
          of("PERSONALITY", "personality"),
        ],
        volumeMounts: mounted.map(({ mount }) => mount),
      },
    ],
    volumes: mounted.map(({ volume }) => volume),
    maxUnavailable: settings.maxUnavailable,
    // The one of them that is in the network of pods.
    pod: { hostNetwork: false, ...pulled(settings) },
  });
  return set;
}

/** IPsec for the switch, on the node's own ports 500 and 4500. */
export function strongswanDaemon(settings: NuageSettings, place: Place): KubernetesObject {
  const { images } = settings;
  return hostDaemonSet({
    metadata: { ...place, name: "nuage-strongswan-ds" },
    selector: { "k8s-app": "nuage-strongswan-ds" },
    serviceAccount: names.account,
    containers: [
      {
        name: "install-strongswan",
        image: images.strongswan,
        imagePullPolicy: images.pullPolicy,
        securityContext: { privileged: true },
        ports: [500, 4500].map((port) => ({ containerPort: port, hostPort: port, protocol: "UDP" })),
      },
    ],
    volumes: [],
    maxUnavailable: settings.maxUnavailable,
    pod: pulled(settings),
  });
}

function pulled({ images }: NuageSettings): Record<string, unknown> {
  const { pullSecrets } = images;
  return pullSecrets.length > 0 ? { imagePullSecrets: pullSecrets.map((name) => ({ name })) } : {};
}
