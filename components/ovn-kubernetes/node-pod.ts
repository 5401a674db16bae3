import type { KubernetesObject, Metadata } from "../kubernetes/object";
import { type Container, values } from "../kubernetes/pod";
import { hostDaemonSet } from "../kubernetes/workload";
import type { OvnKubernetesSettings } from "./complete";
import { apiServer, container, localDatabases, mtu, networks, ownNamespace, ownNode } from "./container";
import { ofNode, shared } from "./environment";
import { kubelet, mounts, netns, volumesOf } from "./mounts";
import { names } from "./names";
import { zoneContainer } from "./zone";

type Named = Metadata & { namespace: string };

const { run, logs, databases, openvswitchConfig, ovnkubeLogs, node } = mounts;

/** OVN of one node: its databases, northd, ovnkube and ovn-controller. */
export function nodeDaemonSet(settings: OvnKubernetesSettings, metadata: Named): KubernetesObject {
  return hostDaemonSet({
    metadata,
    selector: { app: names.node },
    serviceAccount: names.node,
    maxUnavailable: settings.maxUnavailable,
    initContainers: [zoneContainer(settings)],
    containers: containers(settings),
    volumes: volumesOf([
      ...run,
      ...logs,
      ...databases,
      ...openvswitchConfig,
      ...ovnkubeLogs,
      ...ofNodeItself(settings),
    ]),
    pod: { dnsPolicy: "Default", ...(settings.unprivileged ? {} : { hostPID: true }) },
  });
}

/** What ovnkube must see of the node besides OVN's own folders. */
const ofNodeItself = ({ unprivileged, kubeletConfig }: OvnKubernetesSettings) => [
  ...node,
  ...netns(!unprivileged),
  ...kubelet(kubeletConfig),
];

function containers(settings: OvnKubernetesSettings): Container[] {
  const loud = (name: string) => values({ [name]: `-vconsole:${settings.logs.ovn} -vfile:${settings.logs.ovn}` });
  const place = [apiServer, ownNamespace, ...ownNode];
  const database = (side: "nb" | "sb") =>
    container(settings, {
      name: `${side}-ovsdb`,
      word: `local-${side}-ovsdb`,
      env: [...loud(`OVN_LOGLEVEL_${side.toUpperCase()}`), ...place],
      mounted: [...run, ...logs, ...databases, ...openvswitchConfig],
      capabilities: ["NET_ADMIN"],
      probe: `ovn${side}-db`,
    });
  const daemon = (name: string, word: string, level: string) =>
    container(settings, {
      name,
      word,
      env: [...loud(level), apiServer, ownNamespace, ...ownNode, ...localDatabases],
      mounted: [...run, ...logs],
      capabilities: ["SYS_NICE"],
      probe: name,
    });
  return [
    database("nb"),
    database("sb"),
    daemon("ovn-northd", "run-ovn-northd", "OVN_LOGLEVEL_NORTHD"),
    container(settings, {
      name: "ovnkube-controller",
      word: "ovnkube-controller-with-node",
      env: [...place, ...networks, mtu, ...shared(settings), ...ofNode(settings), ...localDatabases],
      mounted: [...run, ...ovnkubeLogs, ...databases, ...openvswitchConfig, ...ofNodeItself(settings)],
      ...(settings.unprivileged ? { capabilities: ["NET_ADMIN"] } : { privileged: true as const }),
      probe: "ovnkube-node",
    }),
    daemon("ovn-controller", "ovn-controller", "OVN_LOGLEVEL_CONTROLLER"),
    container(settings, {
      name: "ovs-metrics-exporter",
      word: "ovs-metrics",
      env: [...ownNode, ...localDatabases],
      mounted: [...run, ...logs],
      capabilities: ["NET_ADMIN"],
    }),
  ];
}

/** Open vSwitch in a pod, where the node has none of its own. */
export function openvswitchDaemonSet(settings: OvnKubernetesSettings, metadata: Named): KubernetesObject {
  const status = { command: ["/usr/share/openvswitch/scripts/ovs-ctl", "status"] };
  return hostDaemonSet({
    metadata,
    selector: { app: names.openvswitch },
    serviceAccount: names.node,
    maxUnavailable: settings.maxUnavailable,
    containers: [
      {
        ...container(settings, {
          name: "ovs-daemons",
          word: "ovs-server",
          env: [],
          mounted: mounts.openvswitch,
          privileged: true,
          probe: "ovs-daemons",
        }),
        livenessProbe: { exec: status, initialDelaySeconds: 30, timeoutSeconds: 30, periodSeconds: 60 },
        // It waits for ovnkube to end: packets need it longer.
        lifecycle: { preStop: { exec: { command: ["/root/ovnkube.sh", "cleanup-ovs-server"] } } },
      },
    ],
    volumes: volumesOf(mounts.openvswitch),
    pod: { hostPID: true, automountServiceAccountToken: false },
  });
}
