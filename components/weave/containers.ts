import {
  type Container,
  fieldRef,
  hostPath,
  type MountedVolume,
  secretKey,
  type VolumeMount,
  values,
} from "../kubernetes/pod";
import type { KubernetesSettings, WeaveSettings } from "./complete";
import { apiServer, environment, iptables } from "./environment";
import { machineIdCheck } from "./machine-id";
import { names } from "./names";

/** Paths that containers see, by what they are for. */
function paths(settings: WeaveSettings) {
  const { hostRoot, dbPrefix } = settings.kubernetes as KubernetesSettings;
  const under = (folder: string) => ({ mountPath: `${hostRoot}/${folder}` });
  return {
    data: hostPath("weavedb", settings.dataDirectory, "DirectoryOrCreate", { mountPath: folderOf(dbPrefix) }),
    opt: hostPath("cni-bin", "/opt", "DirectoryOrCreate", under("opt")),
    home: hostPath("cni-bin2", "/home", "DirectoryOrCreate", under("home")),
    etc: hostPath("cni-conf", "/etc", "Directory", under("etc")),
    dbus: hostPath("dbus", "/var/lib/dbus", "DirectoryOrCreate", { ...under("var/lib/dbus"), readOnly: true }),
    machineId: hostPath("machine-id", "/etc/machine-id", "FileOrCreate", {
      ...under("etc/machine-id"),
      readOnly: true,
    }),
    modules: hostPath("lib-modules", "/lib/modules", "DirectoryOrCreate"),
    lock: hostPath("xtables-lock", "/run/xtables.lock", "FileOrCreate"),
  };
}

const folderOf = (path: string) => path.slice(0, path.lastIndexOf("/"));

const mounts = (...list: MountedVolume[]): VolumeMount[] => list.map(({ mount }) => mount);

export function volumes(settings: WeaveSettings): MountedVolume[] {
  return Object.values(paths(settings));
}

/** What looks at the node, and puts Weave's programs on it, before weaver starts. */
export function initContainers(settings: WeaveSettings): Container[] {
  const { images, pullPolicy, checkMachineId } = settings.kubernetes as KubernetesSettings;
  const { opt, home, etc, modules, lock, machineId } = paths(settings);
  const common = { image: images.kube, imagePullPolicy: pullPolicy };
  return [
    ...(checkMachineId
      ? [
          {
            ...common,
            name: "check-machine-id",
            command: ["/bin/sh", "-c", machineIdCheck(machineId.mount.mountPath)],
            env: apiServer(settings),
            volumeMounts: mounts(machineId),
          },
        ]
      : []),
    {
      ...common,
      name: "weave-init",
      command: ["/home/weave/init.sh"],
      env: iptables(settings),
      securityContext: { privileged: true },
      volumeMounts: mounts(opt, home, etc, modules, lock),
    },
  ];
}

/** weaver, and where policy is enforced weave-npc beside it. */
export function containers(settings: WeaveSettings): Container[] {
  const { images, pullPolicy, requests, npc } = settings.kubernetes as KubernetesSettings;
  const { data, dbus, machineId, lock } = paths(settings);
  const [address = "", port = ""] = settings.httpAddress.split(/:(?=\d+$)/);
  const weaver = {
    name: "weave",
    image: images.kube,
    imagePullPolicy: pullPolicy,
    command: ["/home/weave/launch.sh"],
    env: [
      ...values({ INIT_CONTAINER: "true" }),
      fieldRef("HOSTNAME", "spec.nodeName"),
      ...environment(settings),
      ...iptables(settings),
      ...apiServer(settings),
      ...(settings.password === undefined ? [] : [secretKey("WEAVE_PASSWORD", names.secret, names.secretKey)]),
    ],
    resources: { requests: { cpu: requests.weaveCpu } },
    securityContext: { privileged: true },
    readinessProbe: { httpGet: { host: address || "127.0.0.1", path: "/status", port: Number(port) } },
    volumeMounts: mounts(data, dbus, machineId, lock),
  };
  const controller = {
    name: "weave-npc",
    image: images.npc,
    imagePullPolicy: pullPolicy,
    env: [
      fieldRef("HOSTNAME", "spec.nodeName"),
      ...values({
        EXTRA_ARGS: [
          `--metrics-addr=${npc.metricsAddress}`,
          `--log-level=${settings.logLevel}`,
          `--allow-mcast=${npc.allowMulticast}`,
          `--max-list-size=${npc.maxListSize}`,
        ].join(" "),
      }),
      ...iptables(settings),
      ...apiServer(settings),
    ],
    resources: { requests: { cpu: requests.npcCpu } },
    securityContext: { privileged: true },
    volumeMounts: mounts(lock),
  };
  return [weaver, ...(settings.policy ? [controller] : [])];
}
