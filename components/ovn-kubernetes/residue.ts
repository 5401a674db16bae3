import type { Residue } from "../network-nodes/residue";
import type { OvnKubernetesSettings } from "./complete";
import { binaries, conflist, devices } from "./names";

/** What OVN-Kubernetes leaves on a node. The bridge that the NIC is in stays: it carries the node. */
export function residue({ openvswitch, features }: Pick<OvnKubernetesSettings, "openvswitch" | "features">): Residue {
  return {
    processes: [
      "ovnkube",
      "ovn-controller",
      "ovn-northd",
      ...(openvswitch === "pod" ? ["ovs-vswitchd", "ovsdb-server"] : []),
    ],
    bridges: [devices.bridge, ...(features.hybridOverlay.length > 0 ? ["br-ext"] : [])],
    links: [devices.management, "ovn-k8s-mp*", "genev_sys_*"],
    chains: "OVN-KUBE-",
    paths: [
      conflist,
      `${binaries}/ovn-k8s-cni-overlay`,
      "/run/ovn-kubernetes",
      "/run/ovn",
      "/etc/openvswitch/ovn_k8s.conf",
      "/etc/ovn",
      "/var/lib/ovn",
      "/var/log/ovn",
      "/var/log/ovn-kubernetes",
      // Of the Open vSwitch in pods: a node that comes back with it cannot join.
      ...(openvswitch === "pod" ? ["/etc/origin/openvswitch", "/var/lib/openvswitch", "/var/log/openvswitch"] : []),
    ],
  };
}

/** What ovnkube and ovn-controller note in the node's Open vSwitch. */
export const externalIds = [
  "ovn-bridge-mappings",
  "ovn-bridge-remote-probe-interval",
  "ovn-enable-lflow-cache",
  "ovn-encap-ip",
  "ovn-encap-type",
  "ovn-encap-df_default",
  "ovn-is-interconn",
  "ovn-monitor-all",
  "ovn-ofctrl-wait-before-clear",
  "ovn-openflow-probe-interval",
  "ovn-remote",
  "ovn-remote-probe-interval",
  "ovn-set-local-ip",
];

/** How the number begins that ovn-controller gives itself in the node's Open vSwitch, under other_config; the chassis follows. */
export const chassisNumber = "ovn-chassis-idx-";

/** What ovnkube notes in the node's Node object; a kubelet may take them off its own. */
export const annotations = [
  "host-cidrs",
  "l3-gateway-config",
  "network-ids",
  "node-chassis-id",
  "node-encap-ips",
  "node-gateway-router-lrp-ifaddr",
  "node-gateway-router-lrp-ifaddrs",
  "node-id",
  "node-masquerade-subnet",
  "node-mgmt-port-mac-address",
  "node-mgmt-port-mac-addresses",
  "node-primary-ifaddr",
  "node-subnets",
  "node-transit-switch-port-ifaddr",
  "remote-zone-migrated",
  "zone-name",
].map((name) => `k8s.ovn.org/${name}`);
