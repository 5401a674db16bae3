import { existsSync, readFileSync } from "node:fs";
import { release } from "node:os";
import { gunzipSync } from "node:zlib";

/**
 * Kernel modules that network software asks for, where the kernel has them built in: the option that says so, and the
 * module's path. A kernel that is built without loadable modules has no /lib/modules, and `modprobe bridge` would fail
 * on a machine that has bridges; a distribution's kernel lists them in modules.builtin, so the lab's nodes get that.
 */
const candidates: Record<string, string> = {
  BRIDGE: "net/bridge/bridge",
  BRIDGE_NETFILTER: "net/bridge/br_netfilter",
  OVERLAY_FS: "fs/overlayfs/overlay",
  VETH: "drivers/net/veth",
  VXLAN: "drivers/net/vxlan/vxlan",
  GENEVE: "drivers/net/geneve",
  DUMMY: "drivers/net/dummy",
  MACVLAN: "drivers/net/macvlan",
  IPVLAN: "drivers/net/ipvlan/ipvlan",
  WIREGUARD: "drivers/net/wireguard/wireguard",
  TUN: "drivers/net/tun",
  BONDING: "drivers/net/bonding/bonding",
  VLAN_8021Q: "net/8021q/8021q",
  NET_IPIP: "net/ipv4/ipip",
  NET_IPGRE: "net/ipv4/ip_gre",
  OPENVSWITCH: "net/openvswitch/openvswitch",
  NF_CONNTRACK: "net/netfilter/nf_conntrack",
  NF_NAT: "net/netfilter/nf_nat",
  NF_TABLES: "net/netfilter/nf_tables",
  IP_SET: "net/netfilter/ipset/ip_set",
  IP_VS: "net/netfilter/ipvs/ip_vs",
  NETFILTER_XT_MATCH_COMMENT: "net/netfilter/xt_comment",
  IP_NF_IPTABLES: "net/ipv4/netfilter/ip_tables",
  IP6_NF_IPTABLES: "net/ipv6/netfilter/ip6_tables",
};

/** Paths, as in modules.builtin, of those candidates that a kernel configuration has built in. */
export function builtinModules(kernelConfig: string): string[] {
  const lines = new Set(kernelConfig.split("\n"));
  return Object.entries(candidates)
    .filter(([option]) => lines.has(`CONFIG_${option}=y`))
    .map(([, path]) => `kernel/${path}.ko`);
}

export interface KernelModules {
  release: string;
  /** The machine has modules on disk: nodes see that folder. */
  onDisk: boolean;
  builtin: string[];
}

export function kernelModules(): KernelModules {
  const onDisk = existsSync(`/lib/modules/${release()}/modules.dep`);
  const config = existsSync("/proc/config.gz") ? gunzipSync(readFileSync("/proc/config.gz")).toString() : "";
  return { release: release(), onDisk, builtin: onDisk ? [] : builtinModules(config) };
}
