import { quote } from "../components/node/quote";
import type { Outcome } from "./shell";

/** Runs a script in a node. */
export type RunInNode = (node: string, script: string) => Promise<Outcome>;

/** A network namespace in a node, attached by the CNI plugins that the node's own configuration names. */
export interface Pod {
  node: string;
  name: string;
  /** IPv4 and IPv6, without prefix lengths. */
  addresses: string[];
}

export interface PingResult {
  from: Pod;
  to: Pod;
  address: string;
  reached: boolean;
}

/** Name of the network of the first conflist, in the order of names, as a container runtime chooses. */
async function networkOf(run: RunInNode, node: string): Promise<string> {
  const { stdout } = await run(
    node,
    'for list in /etc/cni/net.d/*.conflist; do [ ! -f "$list" ] || exec cat "$list"; done',
  );
  if (stdout === "") throw new Error(`lab: node ${node} has no conflist in /etc/cni/net.d`);
  return (JSON.parse(stdout) as { name: string }).name;
}

const cnitool = (verb: "add" | "del", network: string, pod: string) =>
  `CNI_PATH=/opt/cni/bin NETCONFPATH=/etc/cni/net.d cnitool ${verb} ${quote(network)} /run/netns/${quote(pod)}`;

/** Makes a pod and attaches it. A pod of that name is detached first, as a runtime does after the node's reboot. */
export async function attachPod(run: RunInNode, node: string, name: string): Promise<Pod> {
  const network = await networkOf(run, node);
  const { code, stdout, stderr } = await run(
    node,
    `${cnitool("del", network, name)} >/dev/null 2>&1
ip netns del ${quote(name)} 2>/dev/null
ip netns add ${quote(name)} && ip -n ${quote(name)} link set lo up && ${cnitool("add", network, name)}`,
  );
  if (code !== 0) throw new Error(`lab: node ${node} cannot attach pod ${name}: ${stdout.trim()} ${stderr.trim()}`);
  const { ips = [] } = JSON.parse(stdout) as { ips?: { address: string }[] };
  return { node, name, addresses: ips.map(({ address }) => address.replace(/\/\d+$/, "")) };
}

export async function detachPod(run: RunInNode, { node, name }: Pick<Pod, "node" | "name">): Promise<void> {
  const { code, stdout, stderr } = await run(
    node,
    `${cnitool("del", await networkOf(run, node), name)} && ip netns del ${quote(name)}`,
  );
  if (code !== 0) throw new Error(`lab: node ${node} cannot detach pod ${name}: ${stdout.trim()} ${stderr.trim()}`);
}

export function inPod(run: RunInNode, pod: Pick<Pod, "node" | "name">, script: string): Promise<Outcome> {
  return run(
    pod.node,
    `exec ip netns exec ${quote(pod.name)} /bin/sh -s <<'END_OF_POD_SCRIPT'\n${script}\nEND_OF_POD_SCRIPT\n`,
  );
}

/**
 * Two echo requests: the first may be lost to address resolution of a path that has just been made. Who is silent is
 * asked again, since a switch or a tunnel in user space may stand still for seconds on a busy machine, unless the
 * kernel said what does not fit.
 */
const asking = (options: string) => `ask() {
  for try in 1 2 3 4; do
    out=$(ping -n -c 2 -i 0.2 -W 2 ${options} "$1" 2>&1) && { echo "$1"; return; }
    case $out in *mtu*) return ;; esac
    sleep 1
  done
}`;

/**
 * Pings from every pod to every address of every other pod. With `size`, ICMP payload bytes that may not be
 * fragmented on the way.
 */
export async function pingMatrix(run: RunInNode, pods: Pod[], size?: number): Promise<PingResult[]> {
  const options = size === undefined ? "" : `-M do -s ${size}`;
  const rows = pods.map(async (from) => {
    const targets = pods.filter((to) => to !== from).flatMap((to) => to.addresses.map((address) => ({ to, address })));
    const lines = targets.map(({ address }) => `ask ${address} &`);
    const { stdout } = await inPod(run, from, `${asking(options)}\n${lines.join("\n")}\nwait`);
    const reached = new Set(stdout.split("\n"));
    return targets.map(({ to, address }) => ({ from, to, address, reached: reached.has(address) }));
  });
  return (await Promise.all(rows)).flat();
}
