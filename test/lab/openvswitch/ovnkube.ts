/**
 * What ovnkube writes into OVN's databases and the node's Open vSwitch, which stands for ovnkube here: its images are not
 * in the lab. As OVN-Kubernetes 1.0 has it with interconnect, each node is a zone: a northbound database of its own, in
 * which are its own switch and pods, the cluster's router, and a transit switch where the other zones' routers are remote.
 */

/** A node as the zones know each other. */
export interface Zone {
  name: string;
  /** From 1: it is in the node's ranges and is the key of its port in the transit switch, which all zones must say alike. */
  id: number;
  /** Where its tunnels end. */
  address: string;
  /** Its Open vSwitch's system-id. */
  chassis: string;
}

/** A pod as the API server would say it. */
export interface PodPort {
  node: Zone;
  name: string;
  address: string;
}

export const router = "ovn_cluster_router";
const transit = "transit_switch";
const transitKey = 16711683;

export const subnetOf = ({ id }: Zone) => `10.244.${id}.0/24`;
const transitOf = ({ id }: Zone) => `100.88.0.${id}`;
export const podOn = (node: Zone, name: string, host = 10): PodPort => ({
  node,
  name,
  address: `10.244.${node.id}.${host}`,
});

/** The hardware address that OVN-Kubernetes gives an address. */
export const macOf = (address: string) =>
  `0a:58:${address
    .split(".")
    .map((part) => Number(part).toString(16).padStart(2, "0"))
    .join(":")}`;

/** Commands of ovn-nbctl or its like as one transaction. */
export const once = (program: string, commands: readonly string[]) => `${program} ${commands.join(" -- ")}`;

/** What ovnkube tells the node's ovn-controller. */
export const chassisIds = ({ address }: Zone, datapath: "system" | "netdev"): Record<string, string> => ({
  "ovn-remote": "unix:/run/ovn/ovnsb_db.sock",
  "ovn-encap-type": "geneve",
  "ovn-encap-ip": address,
  "ovn-bridge-mappings": "physnet:br-ex",
  "ovn-is-interconn": "true",
  "ovn-monitor-all": "true",
  "ovn-remote-probe-interval": "100000",
  "ovn-bridge-datapath-type": datapath,
});

/** A zone's own switch, the router, and the way to the other zones. */
export function zone(own: Zone, others: readonly Zone[]): string {
  const { name } = own;
  const gateway = `10.244.${own.id}.1`;
  return [
    "set -e",
    once("ovn-nbctl", [
      `set NB_Global . options:name=${name}`,
      `lr-add ${router}`,
      `ls-add ${name}`,
      `set Logical_Switch ${name} other_config:subnet=${subnetOf(own)}`,
      `lrp-add ${router} rtos-${name} ${macOf(gateway)} ${gateway}/24`,
      ...routerPort(name, `stor-${name}`, `rtos-${name}`),
      `ls-add ${transit}`,
      `set Logical_Switch ${transit} other_config:interconn-ts=${transit} other_config:requested-tnl-key=${transitKey}`,
      `lrp-add ${router} rtots-${name} ${macOf(transitOf(own))} ${transitOf(own)}/16`,
      ...routerPort(transit, `tstor-${name}`, `rtots-${name}`, [`requested-tnl-key=${own.id}`]),
    ]),
    ...others.map((other) =>
      once("ovn-sbctl", [
        `--may-exist chassis-add ${other.chassis} geneve ${other.address}`,
        `set Chassis ${other.chassis} hostname=${other.name} other_config:is-remote=true`,
      ]),
    ),
    ...others.map((other) =>
      once("ovn-nbctl", [
        `lsp-add ${transit} tstor-${other.name}`,
        `lsp-set-type tstor-${other.name} remote`,
        `lsp-set-addresses tstor-${other.name} '${macOf(transitOf(other))} ${transitOf(other)}/16'`,
        `lsp-set-options tstor-${other.name} requested-tnl-key=${other.id} requested-chassis=${other.chassis}`,
        `lr-route-add ${router} ${subnetOf(other)} ${transitOf(other)}`,
      ]),
    ),
    // ovnkube counts on northd to bind a remote port by its requested-chassis; that of Debian's 23.03 has to be told.
    "ovn-nbctl --wait=sb sync",
    ...others.map(({ name: other, chassis }) => `ovn-sbctl lsp-bind tstor-${other} ${chassis}`),
  ].join("\n");
}

export function routerPort(at: string, port: string, peer: string, options: readonly string[] = []): string[] {
  return [
    `lsp-add ${at} ${port}`,
    `lsp-set-type ${port} router`,
    `lsp-set-addresses ${port} router`,
    `lsp-set-options ${port} ${[`router-port=${peer}`, ...options].join(" ")}`,
  ];
}

/** A pod's port in its node's switch. */
export function podPort({ node, name, address }: PodPort): string {
  const addresses = `'${macOf(address)} ${address}'`;
  return once("ovn-nbctl", [
    `lsp-add ${node.name} ${name}`,
    `lsp-set-addresses ${name} ${addresses}`,
    `lsp-set-port-security ${name} ${addresses}`,
  ]);
}

/** What the CNI plugin makes: a cable from the pod's namespace into br-int. A port from before a reboot goes first. */
export function podCable({ node, name, address }: PodPort, mtu: number): string {
  return `set -e; ovs-vsctl --if-exists del-port br-int v-${name}
ip netns add ${name}; ip link add v-${name} type veth peer name eth0 netns ${name}
ip -n ${name} link set eth0 address ${macOf(address)} mtu ${mtu} up; ip -n ${name} link set lo up
ip -n ${name} address add ${address}/24 dev eth0; ip -n ${name} route add default via 10.244.${node.id}.1
ip netns exec ${name} ethtool -K eth0 tx off >/dev/null; ip link set v-${name} mtu ${mtu} up
ovs-vsctl add-port br-int v-${name} -- set Interface v-${name} external_ids:iface-id=${name}`;
}
