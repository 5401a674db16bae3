import { allocate } from "../components/addresses/plan";
import { compress, expand, type HopRun, without } from "../components/addresses/runs";

/** A node as every tool is told of it. */
export interface BenchNode {
  name: string;
  /** Where its sshd listens, and the next hop to its pods. */
  address: string;
}

export interface PlacedNode extends BenchNode {
  subnet: string;
}

/** The same for all tools, so that what they make can be compared line by line. */
export const bridge = "podnet-bench";
export const nic = "eth0";
/** Marks the routes that belong to the benchmark, whoever made them. */
export const protocol = 98;

/** One /24 a node, for up to 1,024 nodes. */
export const pool = { cidr: "10.200.0.0/14", nodePrefix: 24 };

export const sysctls: Record<string, string> = {
  "net.ipv4.ip_forward": "1",
  "net.ipv4.conf.all.rp_filter": "2",
  "net.ipv6.conf.all.forwarding": "1",
};

/** Gives each node its subnet. A node that joins at the end moves nobody. */
export function placed(nodes: readonly BenchNode[]): PlacedNode[] {
  const subnets = allocate(undefined, { pools: [pool], nodes: nodes.map(({ name }) => name) });
  return nodes.map((node) => ({ ...node, subnet: subnets[node.name]?.[0] as string }));
}

/** The routes to all nodes, as runs. */
export function runsOf(nodes: readonly PlacedNode[]): HopRun[] {
  return compress(nodes.map(({ subnet, address }) => ({ to: subnet, via: address })));
}

export function routesOf(node: PlacedNode, runs: readonly HopRun[]) {
  return expand(without(runs, node.subnet));
}

export function bridgeAddress({ subnet }: PlacedNode): string {
  return subnet.replace(/0\/24$/, "1/24");
}

/** The files of one node, of the size and kind that a network has. A light node has no systemd, so its unit is a file. */
export function filesOf({ name, subnet }: PlacedNode): { path: string; content: string }[] {
  const lines = (...all: string[]) => `${all.join("\n")}\n`;
  return [
    { path: "/etc/modules-load.d/podnet-bench.conf", content: lines("bridge", "br_netfilter") },
    {
      path: "/etc/sysctl.d/90-podnet-bench.conf",
      content: lines(...Object.entries(sysctls).map(([key, value]) => `${key} = ${value}`)),
    },
    { path: "/etc/cni/net.d/10-podnet-bench.conflist", content: conflist(subnet) },
    {
      path: "/etc/network/interfaces.d/podnet-bench",
      content: lines(`# ${bridge} is made by podnet-bench.service`, `no-auto-down ${bridge}`),
    },
    { path: "/etc/default/podnet-bench", content: lines(`NODE=${name}`, `SUBNET=${subnet}`, `BRIDGE=${bridge}`) },
    {
      path: "/etc/systemd/system/podnet-bench.service",
      content: lines(
        "[Unit]",
        "Description=The node's pod network",
        "After=network.target",
        "",
        "[Service]",
        "Type=oneshot",
        "RemainAfterExit=yes",
        `ExecStart=/usr/sbin/ip link set dev ${bridge} up`,
        "",
        "[Install]",
        "WantedBy=multi-user.target",
      ),
    },
  ];
}

function conflist(subnet: string): string {
  const plugin = { type: "bridge", bridge, isGateway: true, ipam: { type: "host-local", ranges: [[{ subnet }]] } };
  return `${JSON.stringify({ cniVersion: "1.0.0", name: "bench", plugins: [plugin] }, undefined, 2)}\n`;
}
