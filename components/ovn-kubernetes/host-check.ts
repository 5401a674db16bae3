import { checkUnit } from "../network-nodes/check-unit";
import { lines } from "../network-nodes/host-files";
import { quote } from "../node/quote";
import type { OvnKubernetesSettings } from "./complete";
import { conflist } from "./names";

/**
 * A unit that fails where kube-proxy or another pod network is on the node, or where the node is not as OVN needs it: the
 * node's change is undone then, before OVN comes to it. A node on which OVN is already is not asked again.
 */
export function hostCheck(settings: OvnKubernetesSettings) {
  const { name } = settings;
  return checkUnit({
    fileName: `${name}-check.sh`,
    name: `podnet-${name}-node-is-fit`,
    description: `Whether this node is as ${name} needs it`,
    // At a boot it is podnet's own unit that gives the bridge the node's addresses.
    after: "openvswitch-switch.service podnet.service",
    script: script(settings),
  });
}

function script(settings: OvnKubernetesSettings): string {
  return lines([
    `# podnet: fails where this node is not as OVN-Kubernetes needs it, and says all that is wrong.`,
    'export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"',
    `[ -e ${conflist} ] && exit 0`,
    "wrong=0",
    'say() { echo "$*" >&2; wrong=1; }',
    'runs() { grep -qsx "$1" /proc/[0-9]*/comm; }',
    "runs kube-proxy && say 'kube-proxy runs on this node: delete its DaemonSet, and restart the node'",
    "runs firewalld && say 'firewalld runs on this node, and takes rules of OVN away: disable it'",
    "for file in /etc/cni/net.d/*.conf /etc/cni/net.d/*.conflist /etc/cni/net.d/*.json; do",
    '  [ -e "$file" ] || continue',
    "  case $file in *-loopback.conf*) continue ;; esac",
    '  say "$file configures another pod network: remove that network, and the file"',
    "done",
    ...(settings.openvswitch === "host" ? ofHost(settings) : ofPod),
    'exit "$wrong"',
  ]);
}

function ofHost({ gateway }: OvnKubernetesSettings): string[] {
  const { interface: device, bridge } = gateway;
  return [
    "if runs ovs-vswitchd; then",
    ...(bridge !== "by-ovnkube"
      ? [
          `  ovs-vsctl --timeout=5 br-exists ${quote(device)} 2>/dev/null || say ${quote(`there is no bridge ${device} of Open vSwitch on this node: make it by OpenVSwitch with uplink: true, or say bridge: "made"`)}`,
          `  ip -o address show dev ${quote(device)} scope global 2>/dev/null | grep -q inet || say ${quote(`${device} has no address: the node's own must be on it`)}`,
        ]
      : ["  :"]),
    "else",
    "  say 'Open vSwitch does not run on this node: install openvswitch-switch, or say openvswitch: \"pod\"'",
    "fi",
  ];
}

const ofPod = [
  "runs ovs-vswitchd && say 'the node has an Open vSwitch of its own, and a second one cannot run: say openvswitch: \"host\", or disable it'",
];
