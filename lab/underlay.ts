import { addresses, operatorHost, prefixLength, routerHost, type SegmentName, segmentNames, subnets } from "./address";
import { must, shell } from "./shell";

/**
 *   this machine            switch namespace                     router namespace
 *   podnet<slot> ────── operator ─ segment-a ─ router-a ────────── a
 *                                    ├ node1 ── eth0 of node1      │ forwards
 *                                    └ node2 ── eth0 of node2      │
 *                                  segment-b ─ router-b ────────── b
 *                                    └ node3 ── eth0 of node3
 */
export interface Underlay {
  name: string;
  slot: number;
}

export const switchNamespace = ({ name }: Underlay) => `podnet-${name}-switch`;
export const routerNamespace = ({ name }: Underlay) => `podnet-${name}-router`;
const operatorLink = ({ slot }: Underlay) => `podnet${slot}`;

/** Makes the underlay, or makes it anew when a part is missing. Answers the switch ports that are there. */
export async function ensureUnderlay(underlay: Underlay): Promise<Set<string>> {
  const ports = await underlayPorts(underlay);
  if (ports) return ports;
  await removeUnderlay(underlay);
  await must("make the underlay", underlayScript(underlay));
  return (await underlayPorts(underlay)) ?? new Set();
}

/** The switch's ports, or undefined when the underlay is not whole. The link's alias is the last thing that is made. */
async function underlayPorts(underlay: Underlay): Promise<Set<string> | undefined> {
  const link = operatorLink(underlay);
  const { code, stdout } = await shell(`
[ "$(cat /sys/class/net/${link}/ifalias)" = 'podnet lab ${underlay.name}' ] || exit 1
ip -n ${routerNamespace(underlay)} link show b >/dev/null || exit 1
ip -n ${switchNamespace(underlay)} -json link show`);
  if (code !== 0) return undefined;
  return new Set((JSON.parse(stdout) as { ifname: string }[]).map(({ ifname }) => ifname));
}

/** Removes the underlay, whole or half made. */
export async function removeUnderlay(underlay: Underlay): Promise<void> {
  const spaces = [switchNamespace(underlay), routerNamespace(underlay)];
  await must(
    "remove the underlay",
    `[ ! -e /sys/class/net/${operatorLink(underlay)} ] || ip link del ${operatorLink(underlay)}
for space in ${spaces.join(" ")}; do
  [ ! -e /run/netns/$space ] || ip netns del $space || rm -f /run/netns/$space
done`,
  );
}

/**
 * A node that comes up is found 0.1 s later instead of the 1 s that the kernel waits between two ARP or neighbour
 * solicitations: most of the time that a light node needs to start.
 */
const askOften = (link: string) =>
  `for family in ipv4 ipv6; do echo 100 > /proc/sys/net/$family/neigh/${link}/retrans_time_ms; done`;

function underlayScript(underlay: Underlay): string {
  const [space, router, link] = [switchNamespace(underlay), routerNamespace(underlay), operatorLink(underlay)];
  const at = (segment: SegmentName, host: number) => addresses(underlay.slot, segment, host);
  const far = subnets(underlay.slot, "b");
  const near = at("a", routerHost);
  const operator = at("a", operatorHost);
  return `set -eu
ip netns add ${space}
ip netns add ${router}
# The switch itself speaks no IP, and the router takes no part in address autoconfiguration.
ip netns exec ${space} sh -c 'cd /proc/sys/net
  echo 1 > ipv6/conf/all/disable_ipv6; echo 1 > ipv6/conf/default/disable_ipv6
  for call in iptables ip6tables arptables; do [ ! -e bridge/bridge-nf-call-$call ] || echo 0 > bridge/bridge-nf-call-$call; done'
ip netns exec ${router} sh -c 'cd /proc/sys/net
  echo 1 > ipv4/ip_forward; echo 0 > ipv6/conf/default/accept_dad; echo 1 > ipv6/conf/all/forwarding'
ip -n ${space} -batch - <<'END'
link set lo up
${segmentNames
  .map(
    (segment) => `link add name segment-${segment} type bridge stp_state 0 forward_delay 0 mcast_snooping 0
link set dev segment-${segment} up
link add name router-${segment} type veth peer name ${segment} netns ${router}
link set dev router-${segment} master segment-${segment} up`,
  )
  .join("\n")}
END
ip -n ${router} -batch - <<'END'
link set lo up
${segmentNames
  .map(
    (segment) => `addr add ${at(segment, routerHost).ipv4}/${prefixLength.ipv4} dev ${segment}
addr add ${at(segment, routerHost).ipv6}/${prefixLength.ipv6} dev ${segment} nodad
link set dev ${segment} up`,
  )
  .join("\n")}
END
ip netns exec ${router} sh -c '${segmentNames.map(askOften).join("; ")}'
ip netns exec ${space} nft -f - <<'END'
table bridge podnet {
  set connections { type ifname; flags dynamic; counter; size 4096; }
  set without_ssh { type ifname; }
  chain forward {
    type filter hook forward priority 0; policy accept;
    tcp dport 22 tcp flags & (syn | ack) == syn update @connections { oifname }
    oifname @without_ssh tcp dport 22 drop
    iifname @without_ssh tcp sport 22 drop
  }
}
END
ip link add name ${link} type veth peer name operator netns ${space}
ip -n ${space} link set dev operator master segment-a up
ip -batch - <<'END'
addr add ${operator.ipv4}/${prefixLength.ipv4} dev ${link}
addr add ${operator.ipv6}/${prefixLength.ipv6} dev ${link} nodad
link set dev ${link} up
END
${askOften(link)}
ip -batch - <<'END'
route add ${far.ipv4} via ${near.ipv4} dev ${link}
route add ${far.ipv6} via ${near.ipv6} dev ${link}
link set dev ${link} alias "podnet lab ${underlay.name}"
END
`;
}
