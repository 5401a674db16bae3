import { cleanUnit, untilEnded, withoutChains } from "../network-nodes/clean";
import { quote } from "../node/quote";
import type { WeaveSettings } from "./complete";
import { binaries, conflist } from "./names";
import { unitName } from "./unit-name";

/** Devices that weaver makes; those of pods have more after vethwepl. */
const devices = ["vethwe-bridge", "vethwe-datapath", "vethwe-pcap", "vethwe-du", "vxlan-6784", "weave", "datapath"];

/** What weaver marks packets by that are to be encrypted (its net/ipsec). */
const mark = "0x20000";

/**
 * Takes away what weaver, weave-npc and their CNI plugin make on a node and leave there, when podnet removes the network:
 * devices, rules, sets, IPsec, files.
 */
export function cleaning(settings: WeaveSettings) {
  const { name, hosts, mode } = settings;
  return cleanUnit(name, [
    ...(hosts ? [`systemctl stop ${unitName(name)}`, ...withoutContainers(hosts.docker)] : []),
    ...weaveCleaning(settings.dataDirectory, mode === "mesos" ? hosts?.configurations : undefined),
  ]);
}

/** What `weave launch` leaves in Docker. Its network is only there with the plugin. */
function withoutContainers(docker: string): string[] {
  return [
    `${docker} network rm weave >/dev/null 2>&1`,
    `${docker} ps -aq --filter 'name=^/weave(db|volumes-.*)?$' 2>/dev/null | xargs -r ${docker} rm -fv >/dev/null 2>&1`,
  ];
}

function weaveCleaning(dataDirectory: string, configurations?: string): string[] {
  const files = [
    conflist,
    conflist.replace(/list$/, ""),
    ...(configurations ? [`${configurations}/10-weave.conf`] : []),
    `${binaries}/weave-net`,
    `${binaries}/weave-ipam`,
  ];
  return [
    ...untilEnded(["weaver", "weave-npc"]),
    ...withoutChains("WEAVE(-| |$)", `-[io] weave( |$)|--pol none .*--mark ${mark}\\/${mark}`),
    "for set in $(ipset list -name 2>/dev/null | grep -E '^(weave-|weaver-no-masq-local$)'); do ipset destroy \"$set\"; done",
    ...withoutIpsec,
    "if command -v ovs-dpctl >/dev/null; then ovs-dpctl del-dp datapath 2>/dev/null; fi",
    `for link in $(ip -brief link show | sed 's/[@ ].*//' | grep -E '^(vethwepl.*|${devices.join("|")})$'); do`,
    '  ip link delete "$link" 2>/dev/null',
    "done",
    `if [ -e /sys/class/net/datapath ]; then echo "Weave's Open vSwitch datapath stays until the next boot" >&2; fi`,
    `rm -f ${files.map(quote).join(" ")} ${binaries}/weave-plugin-* /var/lib/cni/results/weave-*`,
    `rm -rf ${quote(dataDirectory)}`,
  ];
}

/**
 * Policies of IPsec under Weave's mark, and the states between the two nodes of each: those that are of nobody's key
 * exchange (reqid 0), as Weave's are.
 */
const withoutIpsec = [
  "{ ip xfrm policy list; ip xfrm state list; } 2>/dev/null | awk '",
  '  /^src / { src = $2; dst = $4; sub(/\\/32$/, "", src); sub(/\\/32$/, "", dst) }',
  '  $1 == "dir" { way = $2 }',
  `  $1 == "mark" && $2 == "${mark}/${mark}" {`,
  "    peer[src, dst] = peer[dst, src] = 1",
  `    print "ip xfrm policy delete src " src "/32 dst " dst "/32 proto udp dir " way " mark ${mark} mask ${mark}"`,
  "  }",
  '  $1 == "proto" && $3 == "spi" && $6 == "0" && /mode transport/ && (src, dst) in peer {',
  '    print "ip xfrm state delete src " src " dst " dst " proto esp spi " $4',
  "  }",
  "' | sh 2>/dev/null",
];
