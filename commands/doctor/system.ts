import type { DoctorFacts } from "./facts";
import { blocking, type ExpectedNode, type Finding, note, warning } from "./finding";

/** The least that holds what a network writes on a node: plugins, manifest, what a change replaces. */
const leastFreeKib = 100 * 1024;

/** Rights, programs, kernel, disk and clock. */
export function systemFindings(facts: DoctorFacts, node: ExpectedNode, skewSeconds: number): Finding[] {
  return [...rights(facts, node), ...programs(facts), ...kernel(facts), ...disk(facts), ...clock(skewSeconds)];
}

function rights({ uid }: DoctorFacts, { become }: ExpectedNode): Finding[] {
  if (uid === 0) return [];
  const wayOut = become
    ? "let sudo give this user root"
    : "connect as root, or set become: true and allow passwordless sudo";
  return [blocking(`scripts run with user id ${uid}, not as root`, wayOut)];
}

function programs({ tools, links, services }: DoctorFacts): Finding[] {
  const found: Finding[] = [];
  const lacks = (tool: string) => !tools.has(tool);
  if (lacks("ip")) found.push(blocking("ip is missing", "install iproute2"));
  else if (!links)
    found.push(blocking("ip cannot print JSON", "install iproute2 4.13 or newer (BusyBox's ip is not enough)"));
  if (lacks("nft") && lacks("iptables")) found.push(blocking("neither nft nor iptables is there", "install nftables"));
  else if (lacks("nft"))
    found.push(blocking("nft is missing", "install nftables; masquerading and probes are nftables tables"));
  if (lacks("setsid"))
    found.push(blocking("setsid is missing", "install util-linux; a change runs detached from the connection"));
  if (lacks("sha256sum")) found.push(blocking("sha256sum is missing", "install coreutils"));
  if (lacks("ping")) found.push(warning("ping is missing", "install iputils-ping; without it nothing can be proven"));
  if (lacks("curl") && lacks("wget"))
    found.push(note("neither curl nor wget is there", "install one, or give artifacts by localPath instead of url"));
  if (!services.has("systemd"))
    found.push(
      warning("systemd does not run", "make /var/lib/podnet/boot.sh run at boot by the init system that does"),
    );
  return found;
}

const purposes: Record<string, string> = {
  bridge: "no bridge can be made",
  vxlan: "no vxlan overlay can be made",
  br_netfilter: "bridged pods bypass netfilter, so Services and NetworkPolicies fail between pods of one node",
  nf_tables: "no nftables rule can be made",
};

function kernel({ kernel, features, unclearFeatures }: DoctorFacts): Finding[] {
  return Object.entries(purposes).flatMap(([feature, effect]) => {
    if (features.has(feature)) return [];
    if (unclearFeatures.has(feature))
      return [
        note(`cannot tell whether kernel ${kernel} has ${feature}`, `see that modprobe ${feature} works on the node`),
      ];
    const wayOut = `install the kernel's modules package, or a kernel with ${feature}`;
    const severity = feature === "bridge" || feature === "nf_tables" ? blocking : warning;
    return [severity(`kernel ${kernel} has no ${feature}: ${effect}`, wayOut)];
  });
}

function disk({ free }: DoctorFacts): Finding[] {
  return [...free]
    .filter(([, kib]) => kib < leastFreeKib)
    .map(([mount, kib]) => blocking(`${Math.floor(kib / 1024)} MiB free on ${mount}`, "free at least 100 MiB"));
}

function clock(skewSeconds: number): Finding[] {
  if (Math.abs(skewSeconds) <= 30) return [];
  const direction = skewSeconds > 0 ? "ahead" : "behind";
  return [
    warning(
      `clock is ${Math.abs(Math.round(skewSeconds))} s ${direction} of this machine's`,
      "run an NTP client, such as chrony",
    ),
  ];
}
