import { expect } from "vitest";
import { Inventory, OpenVSwitch, type OpenVSwitchArgs } from "../../../components";
import type { Lab } from "../../../lab";
import { type Bed, bed } from "../bed";
import { difference } from "../kubernetes/world";
import { heard, tcpdump } from "../wire";

export const names = ["node1", "node2", "node3"] as const;
type NodeName = (typeof names)[number];

/** Open vSwitch of Debian 12, a controller for it, and what its packets are looked at with. */
export const packages = ["openvswitch-switch", "openvswitch-testcontroller", "tcpdump", "ethtool"];

/**
 * Nodes in one segment, each with a second NIC for tunnels.
 *
 * @param further Debian packages besides those of Open vSwitch
 */
export async function ovsBed(
  name: string,
  nodes: readonly NodeName[] = names,
  further: readonly string[] = [],
): Promise<Bed> {
  const place = await bed(
    name,
    nodes.map((node) => ({ name: node, segment: "a" as const, kind: "full" as const, secondNic: true })),
    [...packages, ...further],
  );
  for (const node of nodes) await asNics(place.lab, node);
  return place;
}

/** A cable's own checksum offload would hand packets to user space without checksums, as no NIC does. */
export async function asNics(lab: Lab, node: string): Promise<void> {
  const off = [node, `${node}.1`].map((port) => `ethtool -K ${port} tx off >/dev/null`).join(" && ");
  const script = `turn=0; until ${off}; do turn=$((turn + 1)); [ $turn -lt 200 ] || exit 1; sleep 0.3; done`;
  const { code, stderr } = await lab.execSwitch(script);
  if (code !== 0) throw new Error(`the cables of ${node} keep their checksum offload: ${stderr.slice(-300)}`);
}

/** Reboots a node, whose cables are others afterwards. */
export async function reboot(lab: Lab, node: NodeName): Promise<void> {
  await lab.reboot(node);
  await asNics(lab, node);
  await lab.waitForSsh(node);
}

/** The bed's nodes, with the NIC that each is reached by. */
export function withNics(place: Bed): Inventory {
  const { nodes, segments } = place.inventory();
  const named = nodes.map(({ name, connection, addresses }) => [name, { connection, addresses, nic: "eth0" }]);
  return Inventory.of({ segments, nodes: Object.fromEntries(named) } as never);
}

/** A program that makes Open vSwitch on the nodes in user space, which is what this machine's kernel has. */
export function fabric(place: Bed, args: Pick<OpenVSwitchArgs, "bridges"> & Partial<OpenVSwitchArgs>) {
  const nodes = withNics(place);
  return async () => {
    const made = new OpenVSwitch("fabric", {
      nodes,
      datapath: "netdev",
      rollout: { windowSeconds: 90 },
      ...args,
    });
    return { ports: made.ports };
  };
}

/** The bridge that tunnels leave by, over each node's second NIC. */
export function underlay(nodes: readonly NodeName[] = names): OpenVSwitchArgs["bridges"] {
  const addresses = nodes.map((node) => [node, `10.77.0.${node.slice(-1)}/24`]);
  return { "br-phy": { addresses: Object.fromEntries(addresses), ports: { eth1: { type: "nic" } } } };
}

/** Each node's address on it. */
export function endpoints(nodes: readonly NodeName[] = names): Record<string, string> {
  return Object.fromEntries(nodes.map((node) => [node, `10.77.0.${node.slice(-1)}`]));
}

export const inNode = async (lab: Lab, node: string, script: string) => (await lab.exec(node, script)).stdout.trim();

/**
 * A host behind a port: a network namespace whose cable ends in a device of the node, for a bridge to have. One that
 * comes back has the hardware address that it had.
 */
export async function host(lab: Lab, node: NodeName, port: string, address: string): Promise<void> {
  const octets = (address.split("/")[0] as string).split(".").map((one) => Number(one).toString(16).padStart(2, "0"));
  const { code, stderr } = await lab.exec(
    node,
    `set -e; ip netns add ${port}; ip link add ${port} type veth peer name in netns ${port}
ip -n ${port} link set in address 02:00:${octets.join(":")}
ip -n ${port} address add ${address} dev in; ip -n ${port} link set in up; ip -n ${port} link set lo up
ip netns exec ${port} ethtool -K in tx off >/dev/null`,
  );
  if (code !== 0) throw new Error(stderr);
}

/** Whether a host reaches an address. */
export async function reaches(lab: Lab, node: string, port: string, address: string): Promise<boolean> {
  const { code } = await lab.exec(node, `ip netns exec ${port} ping -q -c 3 -i 0.2 -W 1 ${address}`);
  return code === 0;
}

/** What ping says of three packets, sent once one before them was answered. */
export async function pinged(lab: Lab, node: string, address: string): Promise<string> {
  const first = async () => (await lab.exec(node, `ping -q -c 1 -W 1 ${address}`)).code;
  await expect.poll(first, { timeout: 120_000 }).toBe(0);
  return inNode(lab, node, `ping -c 3 -i 0.3 -W 20 ${address}`);
}

/** Packets that a node sees while something happens, in the words of tcpdump; it is stopped once `enough` of it is there. */
export const seen = (lab: Lab, node: string, command: string, enough: RegExp, during: () => Promise<unknown>) =>
  heard((script) => lab.exec(node, script), command, enough, during);

/** Packets on a cable of a node, likewise. */
export const seenOnCable = (lab: Lab, cable: string, filter: string, enough: RegExp, during: () => Promise<unknown>) =>
  heard((script) => lab.execSwitch(script), `${tcpdump} -i ${cable} '${filter}'`, enough, during);

/** Open vSwitch's own files change with every row, and its user space has a device of its own while it runs. */
export const own = /conf\.db|\/etc\/openvswitch\/|ovs-netdev|link-netns/;

/** What a node has that it had not before, or has lost. */
export async function traces(lab: Lab, node: string, before: string): Promise<string[]> {
  const rows = await inNode(
    lab,
    node,
    "ovs-vsctl --bare --columns=name list Bridge; ovs-vsctl --bare list QoS; ovs-vsctl --bare list Queue",
  );
  const [old, present] = [before, await lab.snapshot(node)].map((text) =>
    text.replaceAll("qdisc noop ", "qdisc noqueue "),
  );
  const differences = difference(old ?? "", present ?? "").filter((line) => !own.test(line));
  return [...differences, ...rows.split("\n").filter(Boolean)];
}
