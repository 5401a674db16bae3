import { isOlder } from "../cni";
import {
  type Container,
  configMapVolume,
  fieldRef,
  hostPath,
  type MountedVolume,
  secretKey,
  secretVolume,
  values,
} from "../kubernetes/pod";
import { cloudKeysOf, pskOf } from "./backends";
import { conflistPath, type FlannelSettings, type KubernetesSettings } from "./complete";
import { flags } from "./flags";
import { files, folders, names } from "./names";

/** Paths that containers see, by what they are for. */
function paths(settings: FlannelSettings) {
  const { cni, backend, kubernetes } = settings;
  return {
    ...(kubernetes?.installCniPlugin && { plugins: hostPath("cni-plugins", cni.binaries, "DirectoryOrCreate") }),
    configurations: hostPath("cni-configurations", cni.directory, "DirectoryOrCreate"),
    run: hostPath("run", "/run/flannel", "DirectoryOrCreate"),
    lock: hostPath("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
    configuration: configMapVolume("configuration", names.configuration, folders.configuration),
    ...(pskOf(backend) !== undefined && {
      secret: secretVolume("secret", names.secret, folders.secret, { [files.netConf]: files.netConf }),
    }),
    ...(backend.type === "udp" && { tun: hostPath("tun", "/dev/net/tun", "CharDevice") }),
  };
}

export function volumes(settings: FlannelSettings): MountedVolume[] {
  return Object.values(paths(settings));
}

/** Those of flanneld's own container. */
export function flanneldVolumes(settings: FlannelSettings): MountedVolume[] {
  const { run, lock, configuration, secret, tun } = paths(settings);
  return [run, lock, configuration, secret, tun].flatMap((one) => one ?? []);
}

/** What puts the CNI plugin and its configuration on the node, before flanneld starts. */
export function initContainers(settings: FlannelSettings): Container[] {
  const { images, pullPolicy } = settings.kubernetes as KubernetesSettings;
  const { plugins, configurations, configuration } = paths(settings);
  const source = `${folders.configuration}/${files.cniConf}`;
  return [
    ...(plugins
      ? [
          {
            name: "install-cni-plugin",
            image: images.cniPlugin,
            imagePullPolicy: pullPolicy,
            command: ["cp"],
            args: ["-f", "/flannel", `${settings.cni.binaries}/flannel`],
            volumeMounts: [plugins.mount],
          },
        ]
      : []),
    {
      name: "install-cni-configuration",
      image: images.flannel,
      imagePullPolicy: pullPolicy,
      // The image has a program of its own for it since 0.28.6, and cp before.
      ...(isOlder(settings.version, "0.28.6")
        ? { command: ["cp"], args: ["-f", source, conflistPath(settings)] }
        : { command: ["/opt/bin/install-conf"], args: [source, conflistPath(settings)] }),
      volumeMounts: [configurations.mount, configuration.mount],
    },
  ];
}

/** flanneld itself, with the two capabilities that links, routes and rules need, and no more. */
export function flanneld(settings: FlannelSettings): Container {
  const { backend } = settings;
  const { images, pullPolicy, healthPort, requests } = settings.kubernetes as KubernetesSettings;
  const { secret } = paths(settings);
  return {
    name: "kube-flannel",
    image: images.flannel,
    imagePullPolicy: pullPolicy,
    command: ["/opt/bin/flanneld"],
    args: [
      "--kube-subnet-mgr",
      ...(secret ? [`--net-config-path=${folders.secret}/${files.netConf}`] : []),
      ...flags(settings),
      ...(healthPort > 0 ? ["--healthz-ip=127.0.0.1", `--healthz-port=${healthPort}`] : []),
    ],
    env: environment(settings),
    resources: { requests },
    securityContext:
      // A container may open /dev/net/tun only where the runtime lets it, which newer ones do for privileged ones alone.
      backend.type === "udp"
        ? { privileged: true }
        : { privileged: false, capabilities: { add: ["NET_ADMIN", "NET_RAW"] } },
    ...probes(settings),
    volumeMounts: flanneldVolumes(settings).map(({ mount }) => mount),
  };
}

function environment(settings: FlannelSettings) {
  const { backend, nodes } = settings;
  const { eventQueueDepth, apiServer } = settings.kubernetes as KubernetesSettings;
  return [
    // By its node's name flanneld need not be allowed to read pods.
    fieldRef("NODE_NAME", "spec.nodeName"),
    ...values({ EVENT_QUEUE_DEPTH: String(Math.max(eventQueueDepth, nodes?.nodes.length ?? 0)) }),
    ...(apiServer
      ? values({ KUBERNETES_SERVICE_HOST: apiServer.host, KUBERNETES_SERVICE_PORT: String(apiServer.port) })
      : []),
    ...Object.keys(cloudKeysOf(backend)).map((key) => secretKey(key, names.secret, key)),
  ];
}

/** On 127.0.0.1: the container is in the node's network, where 0.0.0.0 would be all the world's. */
function probes(settings: FlannelSettings) {
  const { healthPort: port } = settings.kubernetes as KubernetesSettings;
  if (port === 0) return {};
  const get = (path: string) => ({ httpGet: { host: "127.0.0.1", path, port } });
  return {
    livenessProbe: { ...get("/healthz"), initialDelaySeconds: 10, periodSeconds: 10, failureThreshold: 3 },
    // Since 0.28.9 flanneld says when the node has its subnet; before, the file that it writes says it.
    readinessProbe: isOlder(settings.version, "0.28.9")
      ? { exec: { command: ["test", "-s", "/run/flannel/subnet.env"] }, periodSeconds: 5 }
      : { ...get("/readyz"), periodSeconds: 5 },
  };
}
