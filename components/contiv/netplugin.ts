import type { KubernetesObject } from "../kubernetes/object";
import { hostPath } from "../kubernetes/pod";
import { hostDaemonSet } from "../kubernetes/workload";
import { sha256 } from "../node/kinds/file";
import type { ContivSettings } from "./complete";
import { configuration, exporter, initVariables, pulled, scraped, variables } from "./pod";

export const accounts = { netplugin: "contiv-netplugin", netmaster: "contiv-netmaster" } as const;

type Place = { namespace: string; labels: Record<string, string> };

/** Contiv's daemons on every node: Open vSwitch, and what attaches pods to it. */
export function nodeDaemons(settings: ContivSettings, place: Place): KubernetesObject[] {
  return [openvswitch(settings, place), netplugin(settings, place)];
}

function netplugin(settings: ContivSettings, place: Place): KubernetesObject {
  const { images, cni, pullPolicy } = settings;
  const run = hostPath("run", "/var/run", "Directory", { mountPropagation: "HostToContainer" });
  const state = hostPath("state", "/var/contiv", "DirectoryOrCreate");
  const log = hostPath("log", "/var/log/contiv", "DirectoryOrCreate");
  const modules = hostPath("modules", "/lib/modules", "Directory", { readOnly: true });
  const lock = hostPath("xtables-lock", "/run/xtables.lock", "FileOrCreate");
  const plugins = hostPath("cni-plugins", cni.binaries, "DirectoryOrCreate", { mountPath: "/opt/cni/bin" });
  const configurations = hostPath("cni-configurations", cni.directory, "DirectoryOrCreate", {
    mountPath: "/etc/cni/net.d",
  });
  const mounted = [run, state, log, modules, lock];
  return hostDaemonSet({
    metadata: { ...place, name: "contiv-netplugin" },
    selector: { "k8s-app": "contiv-netplugin" },
    annotations: { ...configured(settings), ...scraped(settings, 9004) },
    serviceAccount: accounts.netplugin,
    initContainers: [
      {
        name: "contiv-netplugin-init",
        image: images.netpluginInit,
        imagePullPolicy: pullPolicy,
        env: initVariables("netplugin"),
        volumeMounts: [state.mount, configurations.mount],
      },
      {
        name: "contiv-cni",
        image: String(images.netplugin),
        imagePullPolicy: pullPolicy,
        command: ["cp", "/contiv/bin/contivk8s", "/opt/cni/bin/contivk8s"],
        volumeMounts: [plugins.mount],
      },
    ],
    containers: [
      ...exporter(settings, "netplugin"),
      {
        name: "contiv-netplugin",
        image: String(images.netplugin),
        imagePullPolicy: pullPolicy,
        env: variables("netplugin", settings),
        resources: { requests: { cpu: "250m" } },
        securityContext: { privileged: true },
        volumeMounts: mounted.map(({ mount }) => mount),
      },
    ],
    volumes: [...mounted, plugins, configurations].map(({ volume }) => volume),
    maxUnavailable: settings.maxUnavailable,
    // It enters the pods' namespaces by their processes.
    pod: { hostPID: true, ...pulled(settings) },
  });
}

function openvswitch(settings: ContivSettings, place: Place): KubernetesObject {
  const { images, pullPolicy } = settings;
  const database = hostPath("database", "/etc/openvswitch", "DirectoryOrCreate");
  const run = hostPath("run", "/var/run", "Directory");
  const modules = hostPath("modules", "/lib/modules", "Directory", { readOnly: true });
  return hostDaemonSet({
    metadata: { ...place, name: "contiv-ovs" },
    selector: { "k8s-app": "contiv-ovs" },
    serviceAccount: accounts.netplugin,
    containers: [
      {
        name: "contiv-ovsdb-server",
        image: images.ovs,
        imagePullPolicy: pullPolicy,
        command: ["/scripts/start-ovsdb-server.sh"],
        securityContext: { privileged: false },
        volumeMounts: [database.mount, run.mount],
      },
      {
        name: "contiv-ovs-vswitchd",
        image: images.ovs,
        imagePullPolicy: pullPolicy,
        command: ["/scripts/start-ovs-vswitchd.sh"],
        securityContext: { privileged: true },
        volumeMounts: [database.mount, modules.mount, run.mount],
      },
    ],
    volumes: [database, run, modules].map(({ volume }) => volume),
    maxUnavailable: settings.maxUnavailable,
    pod: { hostPID: true, ...pulled(settings) },
  });
}

/** Contiv's programs read their configuration at their start only. */
export function configured(settings: ContivSettings): Record<string, string> {
  return { "podnet.dev/configuration": sha256(JSON.stringify(configuration(settings))).slice(0, 16) };
}
