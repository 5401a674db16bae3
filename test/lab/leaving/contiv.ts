import { complete } from "../../../components/contiv/complete";
import { hosts } from "../../../components/contiv/host";
import { contivSettings } from "../../../components/contiv/settings";
import { links, paths, type Residue, rules, withoutModules } from "./residue";

/** As netplugin, netmaster and the pods of Open vSwitch and etcd leave it; the lab's kernel has no Open vSwitch, so bridges stand for its ports. */
export const contiv: Residue = {
  system: "Contiv",
  states: (nodes) => {
    const images = { netplugin: "registry.example.com/contiv/netplugin:head" };
    return withoutModules(
      hosts(complete("pods", contivSettings.parse({ nodes, legacy: true, podCidr: "20.1.0.0/16", images }))),
    );
  },
  beside: `
ip link add contiv type bridge; ip link add myvport1 type bridge
iptables -N CONTIVENCE; iptables -A FORWARD -i contiv -j CONTIVENCE; iptables -A CONTIVENCE -j RETURN
iptables -t nat -A POSTROUTING -s 192.0.2.0/24 -j MASQUERADE; iptables -t nat -A PREROUTING -p icmp -j ACCEPT
mkdir -p /etc/cni/net.d /opt/cni/bin /var/lib/etcd
echo others > /etc/cni/net.d/20-others.conf; echo others > /opt/cni/bin/contivk8s-of-others; echo others > /var/lib/etcd/others
echo '192.0.2.9 netmaster-of-others' >> /etc/hosts; echo '192.0.2.8 netmaster others' >> /etc/hosts
echo others > /usr/bin/netctl`,
  make: `
for bridge in contivh0 contivh1; do ip link add $bridge type bridge; done
ip link add vvport1 type veth peer name vport1; ip link add vxifc6120011 type bridge
ip link set contivh1 up; ip address add 132.1.1.2/24 dev contivh1
iptables -t nat -N CONTIV-NODEPORT; iptables -t nat -A PREROUTING -m addrtype --dst-type LOCAL -j CONTIV-NODEPORT
iptables -t nat -A CONTIV-NODEPORT -p tcp -m tcp --dport 30080 -j DNAT --to-destination 20.1.0.9:80
mkdir -p /etc/cni/net.d /opt/cni/bin /run/contiv /var/contiv/config /var/log/contiv /etc/openvswitch /usr/local/sbin
mkdir -p /var/lib/etcd/contiv-data/member /var/etcd/contiv-data
echo contiv > /etc/cni/net.d/1-contiv.conf; echo contiv > /opt/cni/bin/contivk8s; echo contiv > /run/contiv/contiv-cni.sock
echo contiv > /var/contiv/config/contiv.json; echo contiv > /var/log/contivk8s.log; echo contiv > /usr/local/sbin/netctl
echo contiv > /etc/openvswitch/conf.db; echo contiv > /var/lib/etcd/contiv-data/member/snap
echo '198.18.0.11 netmaster' >> /etc/hosts`,
  look: [
    links("contivh[01]|v?vport1|vxif.*"),
    rules("^:CONTIV-|-j CONTIV-"),
    "ip route | grep -F 132.1.1.0/24; grep -E '[[:space:]]netmaster$' /etc/hosts",
    paths("/etc/cni/net.d/1-contiv.conf", "/opt/cni/bin/contivk8s", "/run/contiv", "/var/contiv", "/var/log/contiv"),
    paths(
      "/var/log/contivk8s.log",
      "/usr/local/sbin/netctl",
      "/etc/openvswitch",
      "/var/lib/etcd/contiv-data",
      "/var/etcd",
    ),
  ].join("\n"),
  things: 19,
};
