import { allocate } from "../../../components/addresses/plan";
import { complete, pools } from "../../../components/romana/complete";
import { hosts } from "../../../components/romana/host";
import { romanaSettings } from "../../../components/romana/settings";
import { links, paths, type Residue, rules, sets } from "./residue";

/** As Romana's agent of v2.0.2 leaves it, its start and its enforcer, and an etcd on the node; bridges stand for dummy links. */
export const romana: Residue = {
  system: "Romana",
  states: (nodes) => {
    const settings = complete("pods", romanaSettings.parse({ nodes, legacy: true, routing: { type: "nodes" } }));
    const names = nodes.nodes.map(({ name }) => name);
    return hosts(settings, allocate(undefined, { pools: pools(settings), nodes: names }));
  },
  beside: `
ip link add romana-hotel type bridge
iptables -N ROMANAS; iptables -A FORWARD -j ROMANAS; iptables -A ROMANAS -j RETURN
iptables -A INPUT -p icmp -j ACCEPT; iptables -A OUTPUT -p icmp -j ACCEPT
iptables -t nat -A POSTROUTING -s 192.0.2.0/24 -j MASQUERADE
ipset create remoteBlocks hash:net
ip rule add priority 90 from 192.0.2.0/24 table 11; ip route add 192.0.2.0/24 via 198.18.0.1 table 11 onlink dev eth0
echo '11 others' >> /etc/iproute2/rt_tables
mkdir -p /etc/cni/net.d /opt/cni/bin; echo others > /etc/cni/net.d/20-others.conf; echo others > /opt/cni/bin/romana-tools
echo others > /usr/local/bin/romana-tools`,
  make: `
ip link add romana-gw type bridge; ip link add romana-lo type bridge
ip link set romana-gw up; ip address add 172.142.0.1/32 dev romana-gw; ip route add 10.96.0.0/12 dev romana-gw
echo '10 romana' >> /etc/iproute2/rt_tables
ip rule add priority 100 table 10; ip rule add priority 101 from 10.112.0.0/12 table 10
ip route add 10.112.0.8/29 dev romana-gw table 10; ip route add blackhole 10.112.0.16/29 table 10
ipset create localBlocks hash:net; ipset add localBlocks 10.112.0.0/29; ipset create ROMANA-T-0f hash:ip
for chain in ROMANA_FORWARD ROMANA-FORWARD-IN ROMANA-FORWARD-OUT ROMANA-INPUT ROMANA-OUTPUT ROMANA-P-0123_X ROMANA-T-0123; do
  iptables -N $chain
done
iptables -A FORWARD -j ROMANA_FORWARD; iptables -A FORWARD -i romana-+ -j ROMANA-FORWARD-IN
iptables -A FORWARD -o romana-+ -j ROMANA-FORWARD-OUT
iptables -A INPUT -i romana-+ -j ROMANA-INPUT; iptables -A OUTPUT -o romana-+ -j ROMANA-OUTPUT
iptables -A ROMANA-FORWARD-IN -m set --match-set localBlocks src -j ROMANA-T-0123; iptables -A ROMANA-T-0123 -j ROMANA-P-0123_X
iptables -t nat -N ROMANA-MASQ; iptables -t nat -A POSTROUTING -s 10.112.0.0/12 -j ROMANA-MASQ
iptables -t nat -A ROMANA-MASQ -d 10.112.0.0/12 -j RETURN; iptables -t nat -A ROMANA-MASQ -o eth0 -j MASQUERADE
mkdir -p /etc/cni/net.d /opt/cni/bin /usr/local/bin /etc/romana /etc/rlog /var/run/romana /var/lib/romana/etcd-db
echo romana > /etc/cni/net.d/10-romana.conf; echo romana > /opt/cni/bin/romana; echo romana > /usr/local/bin/romana
echo romana > /etc/romana/cli.yaml; echo romana > /etc/rlog/agent.conf; echo romana > /var/run/romana/kubeconfig
echo romana > /var/lib/romana/etcd-db/member`,
  look: [
    links("romana-gw|romana-lo"),
    rules("^:ROMANA[-_]|-j ROMANA[-_]"),
    sets("^(localBlocks$|ROMANA)"),
    "ip rule | grep -E 'lookup (10|romana)( |$)'; ip route show table 10 2>/dev/null; grep romana /etc/iproute2/rt_tables",
    "ip route | grep -F 10.96.0.0/12",
    paths("/etc/cni/net.d/10-romana.conf", "/opt/cni/bin/romana", "/usr/local/bin/romana"),
    paths("/etc/romana", "/etc/rlog", "/var/run/romana", "/var/lib/romana"),
  ].join("\n"),
  things: 33,
};
