import { complete } from "../../../components/nuage/complete";
import { hosts } from "../../../components/nuage/host";
import { nuageSettings } from "../../../components/nuage/settings";
import { links, paths, type Residue, rules, withoutModules } from "./residue";

/** As the vendor's installer, monitor and switch leave it; bridges stand for its links. */
export const nuage: Residue = {
  system: "Nuage",
  states: (nodes) => {
    const vsd = { address: "vsd.example.com", certificate: "a", key: "b" };
    const written = {
      nodes,
      podCidr: "70.70.0.0/16",
      vsd,
      vrs: { controllers: ["192.0.2.7"] },
      monitor: { address: "192.0.2.5" },
    };
    return withoutModules(hosts(complete("pods", nuageSettings.parse(written))));
  },
  beside: `
ip link add alubr1 type bridge; ip link add svc-others type bridge
iptables -A INPUT -p udp --dport 4789 -m comment --comment nuage-vxlan-of-others -j ACCEPT
iptables -A FORWARD -s 70.70.0.0/16 -j ACCEPT; iptables -t mangle -A FORWARD -o svc-others -j MARK --set-xmark 0xd/0xd
mkdir -p /etc/cni/net.d /opt/cni/bin /usr/share/vsp-others /var/log/cni
echo others > /var/log/cni/others.log
echo others > /etc/cni/net.d/20-others.conf; echo others > /opt/cni/bin/nuage-others; echo others > /etc/default/others
echo others > /usr/share/vsp-others/vsp-k8s.yaml`,
  make: `
ip link add alubr0 type bridge; ip link add svc-pat-tap type bridge; ip link add svc-rl-tap1 type bridge
ip link set svc-pat-tap up; ip route add 70.70.0.0/16 dev svc-pat-tap
iptables -I INPUT 1 -p udp --dport 4789 -j ACCEPT -m comment --comment nuage-vxlan
iptables -I FORWARD 1 -s 70.70.0.0/16 -j ACCEPT -m comment --comment nuage-overlay-underlay
iptables -I FORWARD 1 -d 70.70.0.0/16 -j ACCEPT -m comment --comment nuage-underlay-overlay
iptables -t mangle -A FORWARD -o svc-pat-tap -p tcp -m mark ! --mark 0x2 -j MARK --set-xmark 0xd/0xd
mkdir -p /etc/cni/net.d /opt/cni/bin /usr/share/vsp-k8s /usr/share/nuagekubemon /var/lib/nuage-cni/opt/cni/bin
mkdir -p /var/log/cni /var/log/nuagekubemon
echo nuage > /etc/cni/net.d/nuage-net.conf; echo nuage > /opt/cni/bin/nuage-cni-k8s; echo nuage > /etc/default/nuage-cni.yaml
echo nuage > /usr/share/vsp-k8s/nuage.kubeconfig; echo nuage > /usr/share/nuagekubemon/net-config.yaml
echo nuage > /var/log/cni/nuage-cni.log; echo nuage > /var/lib/nuage-cni/opt/cni/bin/nuage-cni-k8s`,
  look: [
    links("alubr0|svc-pat-tap|svc-rl-tap1"),
    rules("--comment nuage-(vxlan|overlay-underlay|underlay-overlay)( |$)|-o svc-pat-tap"),
    "ip route | grep -F 70.70.0.0/16",
    paths(
      "/etc/cni/net.d/nuage-net.conf",
      "/opt/cni/bin/nuage-cni-k8s",
      "/etc/default/nuage-cni.yaml",
      "/usr/share/vsp-k8s",
    ),
    paths("/usr/share/nuagekubemon", "/var/lib/nuage-cni", "/var/log/cni/nuage-*", "/var/log/nuagekubemon"),
  ].join("\n"),
  things: 16,
};
