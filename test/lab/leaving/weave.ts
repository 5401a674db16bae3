import { complete } from "../../../components/weave/complete";
import { hosts } from "../../../components/weave/host";
import { weaveSettings } from "../../../components/weave/settings";
import { links, paths, type Residue, rules, sets } from "./residue";

const policy = (peer: string, mark: string) =>
  `ip xfrm policy add src 198.18.0.250/32 dst ${peer}/32 proto udp dir out ${mark} tmpl src 198.18.0.250 dst ${peer} proto esp mode transport`;

/** As weaver, weave-npc and the CNI plugin of 2.9.0 leave it; the lab's kernel has no Open vSwitch, so bridges stand for it. */
export const weave: Residue = {
  system: "Weave",
  states: (nodes) => {
    // The lab's kernel has no openvswitch module, which fastdp would load.
    const parsed = weaveSettings.parse({ nodes, transport: { type: "sleeve" }, policy: false });
    return hosts(complete("pods", parsed));
  },
  beside: `
ip link add weave0 type bridge; ip link add vethwe9 type veth peer name others0
iptables -N WEAVERS; iptables -A FORWARD -i weave0 -j WEAVERS; iptables -A WEAVERS -j RETURN
iptables -A OUTPUT -m mark --mark 0x20000/0x20000 -j ACCEPT; iptables -A INPUT -p icmp -j ACCEPT
iptables -t nat -A POSTROUTING -s 192.0.2.0/24 -j MASQUERADE
ipset create webs hash:ip; ipset add webs 192.0.2.1
${policy("198.18.0.252", "")}
mkdir -p /etc/cni/net.d /opt/cni/bin /var/lib/others
echo others > /etc/cni/net.d/20-others.conflist; echo others > /opt/cni/bin/weaver; echo others > /var/lib/others/weave-netdata.db`,
  make: `
ip link add weave type bridge; ip link add datapath type bridge
ip link add vethwe-bridge type veth peer name vethwe-datapath
ip link add vethwepl4711 type veth peer name vethwe-pcap
ip link add vxlan-6784 type vxlan id 7 dstport 6784
ip link set weave up; ip address add 10.40.0.1/12 dev weave
for chain in WEAVE-NPC WEAVE-NPC-DEFAULT WEAVE-NPC-INGRESS WEAVE-NPC-EGRESS WEAVE-NPC-EGRESS-DEFAULT \\
  WEAVE-NPC-EGRESS-CUSTOM WEAVE-NPC-EGRESS-ACCEPT WEAVE-EXPOSE WEAVE-KUBE-TEST WEAVE-CANARY; do
  iptables -N $chain
done
ipset create weave-E1.0W^NGSp hash:ip; ipset create weaver-no-masq-local hash:ip
iptables -A FORWARD -o weave -j WEAVE-NPC; iptables -A FORWARD -i weave ! -o weave -j ACCEPT
iptables -A FORWARD -o weave -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT; iptables -A FORWARD -o weave -j WEAVE-EXPOSE
iptables -A INPUT -i weave -j WEAVE-NPC-EGRESS
iptables -A WEAVE-NPC -j WEAVE-NPC-INGRESS; iptables -A WEAVE-NPC -m set --match-set weave-E1.0W^NGSp dst -j ACCEPT
iptables -A OUTPUT ! -p esp -m policy --dir out --pol none -m mark --mark 0x20000/0x20000 -j DROP
iptables -t mangle -N WEAVE-IPSEC-IN; iptables -t mangle -A INPUT -j WEAVE-IPSEC-IN
iptables -t nat -N WEAVE; iptables -t nat -A POSTROUTING -j WEAVE
iptables -t nat -A WEAVE -s 10.32.0.0/12 ! -d 10.32.0.0/12 -j MASQUERADE
${policy("198.18.0.251", "mark 0x20000 mask 0x20000")}
mkdir -p /etc/cni/net.d /opt/cni/bin /var/lib/weave /var/lib/cni/results
echo weave > /etc/cni/net.d/10-weave.conflist; echo weave > /opt/cni/bin/weave-plugin-2.9.0
ln -s weave-plugin-2.9.0 /opt/cni/bin/weave-net; ln -s weave-plugin-2.9.0 /opt/cni/bin/weave-ipam
echo weave > /var/lib/weave/weave-netdata.db; echo weave > /var/lib/cni/results/weave-0123-eth0`,
  look: [
    links("weave|datapath|vethwe-.*|vethwepl.*|vxlan-6784"),
    rules("^:WEAVE[- ]|-j WEAVE(-| |$)| -[io] weave( |$)|--pol none"),
    sets("^weave"),
    "ip xfrm policy | grep -F 0x20000",
    paths("/etc/cni/net.d/10-weave*", "/opt/cni/bin/weave-*", "/var/lib/weave", "/var/lib/cni/results/weave-*"),
  ].join("\n"),
  things: 37,
};
