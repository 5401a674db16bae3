import { quote } from "../node/quote";
import { untilEnded, withoutChains } from "./clean";

/**
 * What a network's daemons leave on a node, as data: a destroy takes it away, and a test puts it there first. Names of
 * links and sets may end in "*".
 */
export interface Residue {
  /** Processes that must have ended before anything of theirs is taken away, by the name in /proc/PID/comm. */
  processes: readonly string[];
  /** Bridges of Open vSwitch, which only its own programs take apart as long as it runs. */
  bridges?: readonly string[];
  links: readonly string[];
  /** How the names of its chains in iptables begin. */
  chains?: string;
  /** Its sets in ipset, as a pattern of grep -E. */
  sets?: string;
  /** What rules of its own in chains of others say: a comment in the form of iptables-save. */
  rules?: readonly string[];
  /** Files, and folders with all that is in them. */
  paths: readonly string[];
  /** Its files in folders of others, as patterns of the shell. */
  patterns?: readonly string[];
  /** A file whose name is another program's, too: it goes when this word is in it. */
  marked?: { path: string; word: string };
  /** Files of a program that the node may run for itself: they stay while it runs. */
  unused?: { process: string; paths: readonly string[] };
  /** Folders that go when nothing else is in them. */
  folders?: readonly string[];
  /** Names that it wrote into /etc/hosts, each in a line of its own. */
  hosts?: readonly string[];
}

/** Takes all of it away. Nothing else is touched, and what is not there is no failure. */
export function withoutResidue(residue: Residue): string[] {
  const { processes, bridges = [], links, chains, sets, rules = [], paths, patterns = [] } = residue;
  const { marked, unused, folders = [], hosts = [] } = residue;
  return [
    ...untilEnded(processes),
    ...bridges.map((bridge) => `ovs-vsctl --timeout=5 --if-exists del-br ${bridge} 2>/dev/null`),
    // Their datapath outlives the daemons; of a switch that still runs it is not ours.
    ...(bridges.length > 0
      ? ["grep -qsx ovs-vswitchd /proc/[0-9]*/comm || ovs-dpctl del-dp system@ovs-system 2>/dev/null"]
      : []),
    ...withoutLinks([...bridges, ...links]),
    ...(chains ? withoutChains(chains) : []),
    // A set goes when no rule asks for it.
    ...(sets ? [withoutSets(sets)] : []),
    ...rules.map(withoutRule),
    ...hosts.flatMap(withoutHost),
    `rm -rf ${[...new Set(paths)].map(quote).join(" ")}`,
    ...(patterns.length > 0 ? [`rm -f ${patterns.join(" ")}`] : []),
    ...(marked
      ? [`if grep -qs ${quote(marked.word)} ${quote(marked.path)}; then rm -f ${quote(marked.path)}; fi`]
      : []),
    ...(unused ? [`grep -qsx ${unused.process} /proc/[0-9]*/comm || rm -f ${unused.paths.map(quote).join(" ")}`] : []),
    ...folders.map((folder) => `rmdir ${quote(folder)} 2>/dev/null`),
  ];
}

const withoutSets = (pattern: string) =>
  `for set in $(ipset list -name 2>/dev/null | grep -E ${quote(pattern)}); do ipset destroy "$set"; done`;

function withoutLinks(names: readonly string[]): string[] {
  if (names.length === 0) return [];
  return [
    "for link in $(ip -brief link show | sed 's/[@ ].*//'); do",
    `  case $link in ${names.join("|")}) ip link delete "$link" 2>/dev/null ;; esac`,
    "done",
  ];
}

/** Rules are told apart by their comment, whichever of iptables' variants has them. */
function withoutRule(mark: string): string {
  return [
    "for program in iptables iptables-nft iptables-legacy; do",
    '  command -v "$program-save" >/dev/null || continue;',
    `  "$program-save" 2>/dev/null | awk '/^[*]/ { table = $0 } /^-A / && / ${mark}( |$)/ { sub(/^-A/, "-D"); printf "%s\\n%s\\nCOMMIT\\n", table, $0 }' |`,
    '    "$program-restore" --noflush 2>/dev/null;',
    "done",
  ].join("\n");
}

/**
 * A line with further names of that address is somebody else's. Written over and not replaced: in a container the file is
 * a mount.
 */
function withoutHost(name: string): string[] {
  const line = `^[[:space:]]*[^#[:space:]]+[[:space:]]+${name}[[:space:]]*$`;
  return [
    `if grep -qE '${line}' /etc/hosts 2>/dev/null; then`,
    `  kept=$(grep -vE '${line}' /etc/hosts) && printf '%s\\n' "$kept" > /etc/hosts`,
    "fi",
  ];
}
