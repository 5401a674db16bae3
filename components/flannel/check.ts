import { Cidr } from "../addresses/cidr";
import { allocate, PlanError } from "../addresses/plan";
import type { Problem } from "../addresses/problem";
import { isOlder } from "../cni";
import { nameProblems } from "../network-nodes/name";
import { familyProblems, rangeProblems, rangeWarnings } from "../network-nodes/ranges";
import { isRoutedByOthers } from "./backends";
import { backendProblems, mtuProblems } from "./check-backend";
import { modeProblems } from "./check-mode";
import { complete, type FlannelSettings, pools } from "./complete";
import type { ParsedSettings } from "./settings";

/** What is wrong with settings beyond the single field. */
export function settingsProblems(name: string, parsed: ParsedSettings): Problem[] {
  const settings = complete(name, parsed);
  return [
    ...nameProblems(name),
    ...modeProblems(settings, parsed),
    ...versionProblems(settings),
    ...familyProblems(settings, settings.nodes),
    ...rangeProblems(settings, settings.nodes),
    ...poolProblems(settings),
    ...backendProblems(settings),
    ...mtuProblems(settings),
  ];
}

/** What is likely to go wrong, and is the user's to judge. */
export function settingsWarnings(settings: FlannelSettings): string[] {
  const { nodes, backend, iface, allocation, netfilter } = settings;
  const nics = new Set(nodes?.nodes.map(({ nic }) => nic));
  return [
    ...(nodes?.warnings ?? []),
    ...rangeWarnings(settings),
    ...(backend.type === "udp"
      ? ["backend udp is for debugging: every packet goes through flanneld, on amd64 only"]
      : []),
    ...(["ipsec", "tencent-vpc", "extension"].includes(backend.type) || netfilter === "nftables"
      ? [`flannel calls ${netfilter === "nftables" ? "nftables" : `backend ${backend.type}`} experimental`]
      : []),
    ...(isRoutedByOthers(backend) && !settings.routes && allocation === "cluster"
      ? [
          `backend ${backend.type}: whoever makes routes must learn each node's subnet from the cluster; podnet does not know it`,
        ]
      : []),
    ...(settings.mode === "kubernetes" && nics.size > 1 && Object.keys(iface).length === 0
      ? [
          "the nodes' NICs have different names: flanneld takes that of the default route; say iface where it is another",
        ]
      : []),
  ];
}

/** Older releases lose masquerade rules on a reload, and the hardware address of their device to systemd. */
const oldestVersion = "0.22.3";

function versionProblems({ version, blackholeRoute, netfilter }: FlannelSettings): Problem[] {
  const needs = (path: string, since: string): Problem[] =>
    isOlder(version, since)
      ? [
          {
            path,
            value: version,
            rule: `${path} needs flannel ${since}, and version is ${version}`,
            fix: `say version "${since}" or a later one`,
          },
        ]
      : [];
  return [
    ...needs("version", oldestVersion),
    ...(blackholeRoute ? needs("blackholeRoute", "0.28.1") : []),
    ...(netfilter === "nftables" ? needs("netfilter", "0.25.0") : []),
  ];
}

function poolProblems(settings: FlannelSettings): Problem[] {
  const { mode, podCidr, nodePrefix, nodes } = settings;
  const tooLong = podCidr.flatMap((text): Problem[] => {
    const { family, prefix } = Cidr.parse(text);
    const length = nodePrefix[family] as number;
    const least = mode === "etcd" ? prefix + 2 : prefix;
    const most = family === "ipv4" ? 30 : 126;
    if (length >= least && length <= most) return [];
    const room = mode === "etcd" ? ", and flannel wants room for four" : "";
    return [
      {
        path: length > most ? "podCidr" : `nodePrefix.${family}`,
        value: length > most ? text : String(length),
        rule: `a node's subnet of /${length} does not fit ${text}${room}`,
        fix: `take ${least} or more and ${most} or less, or a larger podCidr`,
      },
    ];
  });
  if (tooLong.length > 0 || !nodes) return tooLong;
  try {
    allocate(undefined, { pools: pools(settings), nodes: nodes.nodes.map(({ name }) => name) });
    return [];
  } catch (error) {
    if (error instanceof PlanError) return error.problems.filter(({ path }) => path !== "pools");
    throw error;
  }
}
