import { Cidr } from "../addresses/cidr";
import { removeEmpty, removeEmptyTable } from "../node/kinds/iptables";
import { quote } from "../node/quote";
import { lines } from "./host-files";

/**
 * Takes away what a network's daemons make on a node and leave there, when podnet removes the network. It is the stop of
 * a unit, since a unit is stopped before anything else of the network goes. At a shutdown, and when the unit is only
 * started again, it does nothing: only a unit that is being removed is disabled. The unit's text must stay as
 * it is in all releases, or a running network's unit would be started again for nothing.
 */
export function cleanUnit(network: string, work: readonly string[]) {
  const path = `/etc/podnet/${network}-clean.sh`;
  const unit = `podnet-${network}-clean.service`;
  const content = lines([
    "[Unit]",
    `Description=Clean-up of ${network} at its removal (podnet)`,
    "",
    "[Service]",
    "Type=oneshot",
    "RemainAfterExit=yes",
    "ExecStart=/bin/true",
    `ExecStop=/bin/sh ${path}`,
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ]);
  const script = lines([
    `# podnet: takes away what the network ${network} made on this node, when podnet removes it.`,
    'export PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"',
    `if [ "$(systemctl is-enabled ${unit} 2>/dev/null)" != disabled ]; then exit 0; fi`,
    ...work,
    "exit 0",
  ]);
  return { file: { path, content: script }, unit: { name: unit, content } };
}

/** Takes annotations and labels off the node that this is. A kubelet may change its own node. */
export function unannotate(
  kubeletConfig: string,
  annotations: readonly string[],
  labels: readonly string[] = [],
): string[] {
  const kubectl = `kubectl --kubeconfig ${quote(kubeletConfig)} --request-timeout 5s`;
  const gone = (names: readonly string[]) => names.map((name) => `${name}-`).join(" ");
  return [
    `if command -v kubectl >/dev/null && [ -r ${quote(kubeletConfig)} ]; then`,
    `  user=$(${kubectl} auth whoami -o 'jsonpath={.status.userInfo.username}' 2>/dev/null)`,
    `  ${kubectl} annotate node "\${user#system:node:}" ${gone(annotations)} >/dev/null 2>&1`,
    ...(labels.length > 0 ? [`  ${kubectl} label node "\${user#system:node:}" ${gone(labels)} >/dev/null 2>&1`] : []),
    "fi",
  ];
}

/** Waits until none of these processes runs; when one still does, nothing is taken away from under it. */
export function untilEnded(processes: readonly string[]): string[] {
  return [
    "waited=0",
    `while cat /proc/[0-9]*/comm 2>/dev/null | grep -qxE '${processes.join("|")}'; do`,
    '  [ "$waited" -lt 60 ] || { echo "a daemon of the network still runs: nothing is taken away" >&2; exit 0; }',
    "  sleep 1",
    "  waited=$((waited + 1))",
    "done",
  ];
}

/**
 * Takes routes within a range out of the main table, also those that end there (blackhole, unreachable): all of them, or
 * those that one program marks. A route that is wider than the range, as a default route is, stays.
 */
export function withoutRoutes(cidr: string, protocol?: number): string {
  const family = Cidr.parse(cidr).family === "ipv4" ? "-4" : "-6";
  const marked = protocol === undefined ? "" : ` proto ${protocol}`;
  return `ip ${family} route flush root ${cidr}${marked} 2>/dev/null`;
}

/**
 * Takes chains of a daemon out of iptables, whichever of its variants has them: rules of other chains that lead there
 * first, then the chains.
 *
 * @param chain how the names of its chains begin: "FLANNEL-"
 * @param mark what its own rules in chains of others say, where they do not only jump to its chains
 */
export function withoutChains(chain: string, mark?: string): string[] {
  const own = mark === undefined ? `/ -j ${chain}/` : `(/ -j ${chain}/ || / ${mark}/)`;
  return [
    // iptables made a table's own chains where its first rule was to come.
    "own=$(for family in ip ip6; do for table in raw mangle nat filter; do",
    "  nft list table $family $table 2>/dev/null |",
    `    awk -v at="$family $table" '$1 == "chain" { name = $2 } name ~ /^[A-Z]+$/ && / jump ${chain}/ { print at, name }'`,
    "done; done | sort -u)",
    "for program in iptables iptables-nft iptables-legacy ip6tables ip6tables-nft ip6tables-legacy; do",
    '  command -v "$program-save" >/dev/null || continue',
    `  "$program-save" 2>/dev/null | awk '`,
    '    /^[*]/ { table = $0; rules = empty = gone = "" }',
    `    /^:${chain}/ { name = substr($1, 2); empty = empty "-F " name "\\n"; gone = gone "-X " name "\\n" }`,
    `    /^-A / && ${own} && $2 !~ /^${chain}/ { sub(/^-A/, "-D"); rules = rules $0 "\\n" }`,
    '    /^COMMIT/ && (rules empty) != "" { printf "%s\\n%s%s%sCOMMIT\\n", table, rules, empty, gone }',
    `  ' | "$program-restore" --noflush 2>/dev/null`,
    "done",
    `echo "$own" | while read -r at; do ${removeEmpty("chain", "$at")}; done`,
    // And the tables that these were the only rules of.
    ...(["ipv4", "ipv6"] as const).flatMap((family) =>
      ["raw", "mangle", "nat", "filter"].map((table) => removeEmptyTable(family, table)),
    ),
  ];
}
