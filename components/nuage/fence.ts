import {
  type Container,
  configMapKey,
  fieldRef,
  hostPath,
  type MountedVolume,
  secretKey,
  values,
} from "../kubernetes/pod";
import { apiServerUrl, type NuageSettings } from "./complete";
import { names } from "./names";

/**
 * Nuage's installer empties /opt/cni and /etc/cni of what it takes for the node, at each of its starts: every plugin and
 * configuration of others goes. What it is shown here as the node are folders of its own; from there a second container
 * brings three files to where the runtime looks, and touches no other.
 */
const fenced = { programs: "/var/lib/nuage-cni/opt", configurations: "/var/lib/nuage-cni/etc" } as const;

interface Part {
  container: Container;
  volumes: MountedVolume[];
}

export function installer(settings: NuageSettings): Part & { before: Container } {
  const { images, podCidr } = settings;
  const programs = hostPath("fenced-programs", fenced.programs, "DirectoryOrCreate", { mountPath: "/host/opt" });
  const configurations = hostPath("fenced-configurations", fenced.configurations, "DirectoryOrCreate", {
    mountPath: "/host/etc",
  });
  const volumes = [
    programs,
    configurations,
    hostPath("run", "/var/run", "Directory", { mountPropagation: "HostToContainer" }),
    hostPath("log", "/var/log", "Directory"),
    // The folder that it makes anew, and not all of /usr/share.
    hostPath("plugin", "/usr/share/vsp-k8s", "DirectoryOrCreate"),
    hostPath("certificates", "/etc/kubernetes/pki", "Directory", { readOnly: true }),
    hostPath("kubelet-certificates", "/var/lib/kubelet/pki", "Directory", { readOnly: true }),
    hostPath("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
  ];
  return {
    volumes,
    // It copies into a folder that the node has and its own does not.
    before: {
      name: "make-fence",
      image: images.cni,
      imagePullPolicy: images.pullPolicy,
      command: ["mkdir", "-p", "/host/etc/default", "/host/etc/cni/net.d", "/host/opt/cni/bin"],
      volumeMounts: [programs.mount, configurations.mount],
    },
    container: {
      name: "install-nuage-cni",
      image: images.cni,
      imagePullPolicy: images.pullPolicy,
      command: ["/install-cni.sh"],
      args: ["nuage-cni-k8s"],
      securityContext: { privileged: true },
      env: [
        fieldRef("KUBERNETES_NODE_NAME", "spec.nodeName"),
        configMapKey("NUAGE_VSP_CONFIG", names.node, "plugin_yaml_config"),
        configMapKey("NUAGE_CNI_YAML_CONFIG", names.node, "cni_yaml_config"),
        ...values({ NUAGE_CLUSTER_NW_CIDR: String(podCidr[0]), MASTER_API_SERVER_URL: apiServerUrl(settings) }),
        secretKey("NUAGE_TOKEN", names.token, "token"),
      ],
      volumeMounts: volumes.map(({ mount }) => mount),
    },
  };
}

/** From the fence to the node, file by file: the plugin, its settings, and the network last, which is what the runtime waits for. */
export function publisher({ images, folders }: NuageSettings): Part {
  const volumes = [
    hostPath("fenced-programs", fenced.programs, "DirectoryOrCreate", { mountPath: "/fenced/opt", readOnly: true }),
    hostPath("fenced-configurations", fenced.configurations, "DirectoryOrCreate", {
      mountPath: "/fenced/etc",
      readOnly: true,
    }),
    hostPath("cni-plugins", folders.binaries, "DirectoryOrCreate", { mountPath: "/node/bin" }),
    hostPath("cni-configurations", folders.directory, "DirectoryOrCreate", { mountPath: "/node/net.d" }),
    hostPath("defaults", "/etc/default", "DirectoryOrCreate", { mountPath: "/node/default" }),
  ];
  return {
    volumes,
    container: {
      name: "publish-nuage-cni",
      image: images.cni,
      imagePullPolicy: images.pullPolicy,
      command: ["/bin/sh", "-c", publishing],
      securityContext: { privileged: false },
      volumeMounts: volumes.map(({ mount }) => mount),
    },
  };
}

/** A file appears whole, under its name, or not at all; and again when the installer has written another. */
export const publishing = [
  "publish() {",
  '  [ -f "$1" ] || return 0',
  '  cmp -s "$1" "$2" || { cp "$1" "$2.podnet" && mv "$2.podnet" "$2"; }',
  "}",
  "while true; do",
  "  publish /fenced/opt/cni/bin/nuage-cni-k8s /node/bin/nuage-cni-k8s",
  "  publish /fenced/etc/default/nuage-cni.yaml /node/default/nuage-cni.yaml",
  "  publish /fenced/etc/cni/net.d/nuage-net.conf /node/net.d/nuage-net.conf",
  "  sleep 5",
  "done",
].join("\n");
