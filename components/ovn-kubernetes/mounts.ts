import { hostPath, type MountedVolume, secretVolume, type VolumeMount } from "../kubernetes/pod";
import { names } from "./names";

/** A folder of the node seen at a second place, too. */
const also = ({ volume, mount }: MountedVolume, mountPath: string): MountedVolume => ({
  volume,
  mount: { ...mount, mountPath },
});
const folder = (name: string, path: string, mountPath = path) =>
  hostPath(name, path, "DirectoryOrCreate", { mountPath });
const readOnly = (one: MountedVolume): MountedVolume => ({ ...one, mount: { ...one.mount, readOnly: true } });

const runOpenvswitch = folder("run-openvswitch", "/var/run/openvswitch");
const ovnDatabases = folder("ovn-databases", "/var/lib/ovn", "/etc/ovn");
/** ovnkube keeps ovn_k8s.conf there. */
const openvswitchConfig = folder("openvswitch-config", "/etc/openvswitch");

/** Folders of a node that OVN's containers see, by what they are for. */
export const mounts = {
  /** Sockets and process numbers; OVN's are the node's own too, for cleaning and looking. */
  run: [runOpenvswitch, folder("run-ovn", "/var/run/ovn")],
  logs: [folder("log-openvswitch", "/var/log/openvswitch"), folder("log-ovn", "/var/log/ovn")],
  databases: [ovnDatabases],
  openvswitchConfig: [openvswitchConfig],
  ovnkubeLogs: [folder("log-ovnkube", "/var/log/ovn-kubernetes")],
  webhook: [secretVolume("webhook-cert", names.webhookCertificate, "/etc/webhook-cert")],
  node: [
    // ovnkube runs the node's own iptables.
    readOnly(hostPath("host", "/", "Directory", { mountPath: "/host" })),
    folder("run-ovnkube", "/var/run/ovn-kubernetes"),
    folder("cni-bin", "/opt/cni/bin"),
    folder("cni-conf", "/etc/cni/net.d"),
  ],
  /** Of an Open vSwitch that a pod runs: its database is not where the node's own would be. */
  openvswitch: [
    readOnly(hostPath("modules", "/lib/modules", "Directory")),
    hostPath("sys", "/sys", "Directory"),
    runOpenvswitch,
    also(runOpenvswitch, "/run/openvswitch"),
    folder("openvswitch-database", "/etc/origin/openvswitch", "/etc/openvswitch"),
    folder("lib-openvswitch", "/var/lib/openvswitch"),
    folder("log-openvswitch", "/var/log/openvswitch"),
  ],
} satisfies Record<string, MountedVolume[]>;

/** Network namespaces of pods. Only a privileged container may hand mounts back; without, the CNI plugin enters them. */
export function netns(privileged: boolean): MountedVolume[] {
  const mountPropagation = privileged ? "Bidirectional" : "HostToContainer";
  return [hostPath("netns", "/var/run/netns", "DirectoryOrCreate", { mountPropagation })];
}

/** The kubelet's way to the API server: a node says its zone by it, and asks for its first certificate. */
export function kubelet(kubeletConfig: string): MountedVolume[] {
  return [
    readOnly(folder("kubelet", "/var/lib/kubelet")),
    readOnly(folder("kubernetes", kubeletConfig.slice(0, kubeletConfig.lastIndexOf("/")), "/host-kubernetes")),
  ];
}

export function mountsOf(list: readonly MountedVolume[]): VolumeMount[] {
  return list.map(({ mount }) => mount);
}

/** Each volume once, however often it is mounted. */
export function volumesOf(list: readonly MountedVolume[]) {
  return [...new Map(list.map(({ volume }) => [volume.name, volume])).values()];
}
