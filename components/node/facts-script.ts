import { listCommand } from "./ovsdb/read";
import { quote } from "./quote";

/** What facts should be read besides links, addresses, routes and rules, which always are. */
export interface Questions {
  modules: string[];
  sysctls: string[];
  paths: string[];
  units: string[];
  /** "family table" */
  nftables: string[];
  vxlans: string[];
  /** One line a rule: family, table, chain and the rule's words, separated by spaces. */
  iptables: string[][];
  /** Whether Open vSwitch's database is asked at all. */
  openvswitch: boolean;
}

export const noQuestions: Questions = {
  modules: [],
  sysctls: [],
  paths: [],
  units: [],
  nftables: [],
  vxlans: [],
  iptables: [],
  openvswitch: false,
};

const tools =
  "ip bridge nft iptables ip6tables systemctl systemd-run setsid ping sha256sum base64 stat modprobe curl wget timeout mv rmdir ovs-vsctl";

/** Always read: where a NIC moves into a bridge, or forwarding begins, they decide what becomes of its IPv6. */
const ipv6OfDevices = ["net/ipv6/conf/*/accept_ra", "net/ipv6/conf/*/disable_ipv6"];

/** Where iproute2 has the names of routing tables, by which it prints them. */
const tableNames = ["/usr/share", "/usr/lib", "/etc"]
  .flatMap((folder) => [`${folder}/iproute2/rt_tables`, `${folder}/iproute2/rt_tables.d/*.conf`])
  .join(" ");

/** Prints another value whenever anybody's change of the node was committed or undone. */
export const generation = [
  `generation() {`,
  `  set -- /var/lib/podnet/*/manifest.json /run/podnet/last/token`,
  `  if [ $# -eq 2 ] && [ ! -e "$1" ] && [ ! -e "$2" ]; then echo none; else cat "$@" 2>/dev/null | sha256sum; fi`,
  `}`,
];

/**
 * The read-only script that prints a node's facts. It ends by itself, changes nothing, and runs with nothing but
 * /bin/sh, iproute2 and coreutils. What it cannot read stays empty, and the plan says what is missing.
 */
export function factsScript(owner: string, questions: Questions): string {
  const each = (values: string[], body: string[]) =>
    values.length === 0
      ? []
      : [`for key in ${values.map(quote).join(" ")}; do`, ...body.map((line) => `  ${line}`), "done"];
  return printedAtOnce([
    `LC_ALL=C; export LC_ALL; PATH=$PATH:/usr/sbin:/sbin:/usr/local/sbin; tab='\t'`,
    `newline='`,
    `'`,
    ...generation,
    `cd /var/lib/podnet 2>/dev/null || cd /`,
    `echo '@@podnet boot'; read -r boot < /proc/sys/kernel/random/boot_id; echo "$boot"`,
    // First: a change that another owner begins and ends while the rest is read shows in it.
    `echo '@@podnet generation'; generation`,
    `echo '@@podnet tools'; for key in ${tools}; do command -v "$key" >/dev/null && echo "$key"; done`,
    `echo '@@podnet links'; ip -j -d addr show`,
    `echo '@@podnet ipv4'; ${routing("-4")}`,
    `echo '@@podnet ipv6'; ${routing("-6")}`,
    `echo '@@podnet tables'; for file in ${tableNames}; do`,
    `  [ ! -r "$file" ] || while read -r key name _; do case $key in [0-9]*) echo "$key$tab$name" ;; esac; done < "$file"`,
    `done`,
    `echo '@@podnet modules'`,
    ...each(questions.modules, [moduleCheck]),
    `echo '@@podnet sysctls'; cd /proc/sys; grep -sH '' ${[...ipv6OfDevices, ...questions.sysctls.map(quote)].join(" ")}; cd /`,
    `echo '@@podnet paths'`,
    // A link to a directory is as good as one; a link in a file's place is not a file.
    ...matching(questions.paths, `[ -d "$key" ]`, `stat -L -c "%n$tab%F$tab%a$tab%u$tab%g" -- "$@"`),
    ...matching(
      questions.paths,
      `[ ! -d "$key" ] && { [ -L "$key" ] || [ -e "$key" ]; }`,
      `stat -c "%n$tab%F$tab%a$tab%u$tab%g" -- "$@"`,
    ),
    `echo '@@podnet sums'`,
    ...matching(questions.paths, `[ -f "$key" ] && [ ! -L "$key" ]`, `sha256sum -- "$@"`),
    `echo '@@podnet units'`,
    ...matching(
      questions.units,
      "command -v systemctl >/dev/null",
      `systemctl show -p Names,LoadState,UnitFileState,ActiveState -- "$@"`,
    ),
    ...each(questions.nftables, [
      `if listing=$(nft -s list table $key 2>/dev/null); then printf '@@podnet nft %s\\n%s\\n' "$key" "$listing"; fi`,
    ]),
    ...each(questions.vxlans, [
      `if ip link show dev "$key" >/dev/null 2>&1; then echo "@@podnet flood $key"; bridge -j fdb show dev "$key"; fi`,
    ]),
    ...(questions.iptables.length > 0 ? chains : []),
    `echo '@@podnet iptables'`,
    ...iptablesChecks(questions.iptables),
    ...(questions.openvswitch ? [`echo '@@podnet openvswitch'; ${listCommand} 2>/dev/null`] : []),
    `echo '@@podnet managed'`,
    `[ -d /run/systemd/netif/links ] && networkctl list --no-legend --no-pager 2>/dev/null | while read -r _ device _ _ setup; do`,
    `  case $setup in unmanaged | n/a | '') ;; *) echo "$device\${tab}systemd-networkd" ;; esac`,
    `done`,
    `[ -d /run/NetworkManager ] && nmcli -t -f DEVICE,STATE device 2>/dev/null | while IFS=: read -r device setup; do`,
    `  case $setup in unmanaged* | '') ;; *) echo "$device\${tab}NetworkManager" ;; esac`,
    `done`,
    `for key in listings manifest.json origins.json; do`,
    `  echo; echo "@@podnet $key"; [ ! -e "/var/lib/podnet/${owner}/$key" ] || cat "/var/lib/podnet/${owner}/$key"`,
    `done; echo`,
    `echo '@@podnet owners'; for key in /var/lib/podnet/*/manifest.json; do`,
    `  [ -e "$key" ] && { key=\${key%/manifest.json}; echo "\${key##*/}"; }`,
    `done`,
    `for key in /var/lib/podnet/*/manifest.json; do`,
    `  [ -e "$key" ] || continue; dir=\${key%/manifest.json}; other=\${dir##*/}; [ "$other" != ${owner} ] || continue`,
    `  echo "@@podnet other $other"; cat "$key"; echo; echo "@@podnet others-origins $other"; cat "$dir/origins.json"; echo`,
    `done`,
    `echo '@@podnet pending'`,
    `if [ -d /var/lib/podnet/pending ]; then`,
    `  token=$(cat /var/lib/podnet/pending/token); owner=$(cat /var/lib/podnet/pending/owner)`,
    `  uptime=$(cat /proc/uptime); uptime=\${uptime%%.*}; deadline=$(cat /var/lib/podnet/pending/deadline)`,
    `  boot=$(cat /var/lib/podnet/pending/boot); [ "$boot" = "$(cat /proc/sys/kernel/random/boot_id)" ] || deadline=0`,
    `  verdict=; [ ! -e /var/lib/podnet/pending/verdict ] || verdict=undo; [ ! -e /var/lib/podnet/pending/verdict/commit ] || verdict=commit`,
    // One that ended while it was read is not pending any more.
    `  if [ -d /var/lib/podnet/pending ] && [ "$(cat /var/lib/podnet/pending/token)" = "$token" ]; then`,
    `    echo "$owner$tab$token$tab$((deadline - uptime))$tab$verdict"`,
    `  fi`,
    `fi`,
    `echo '@@podnet end'`,
  ]);
}

/** What may stand in the way of rules in chains that others own. */
const chains = [`echo '@@podnet chains'; nft -j list chains 2>/dev/null | sed 's/^{/[{/; s/}$/}]/'`];

/** Routes and rules of one family, a line each, by one process. What the kernel has none of is left out. */
function routing(family: "-4" | "-6"): string {
  return `printf 'route show table all type unicast\\nrule show\\n' | ip -j ${family} -force -batch - 2>/dev/null`;
}

/** One process for all keys that meet a condition, which takes none: forks are what reading a node costs. */
function matching(keys: string[], condition: string, command: string): string[] {
  if (keys.length === 0) return [];
  return [
    `set --; for key in ${keys.map(quote).join(" ")}; do if ${condition}; then set -- "$@" "$key"; fi; done`,
    `if [ $# -gt 0 ]; then ${command}; fi 2>/dev/null`,
  ];
}

/** A module counts as there when it is loaded, built in (its file may have dashes), or when the kernel shows what it makes. */
const moduleCheck = [
  `if [ -d "/sys/module/$key" ] || { IFS=_; set -- $key; IFS=.; name="$*"; unset IFS; grep -qs "/$name\\.ko" "/lib/modules/$(uname -r)/modules.builtin"; } ||`,
  `{ [ "$key" = br_netfilter ] && [ -d /proc/sys/net/bridge ]; } ||`,
  `{ option=$(echo "$key" | tr a-z A-Z); case $key in br_netfilter) option=BRIDGE_NETFILTER ;; esac;`,
  `zcat /proc/config.gz 2>/dev/null | grep -qx "CONFIG_$option=y"; }; then echo "$key"; fi`,
].join(" ");

/** One listing of each chain; only a rule that stands there in other words is asked for by itself. */
function iptablesChecks(rules: string[][]): string[] {
  const chains = Map.groupBy(rules, ([family, table, chain]) => [family, table, chain].join(" "));
  return [...chains.values()].flatMap((group) => {
    const [family, table = "", chain = ""] = group[0] ?? [];
    const program = `${family === "ipv6" ? "ip6tables" : "iptables"} -w 5 -t ${quote(table)}`;
    const checks = group.map(([, , , ...rule]) => {
      const listed = quote(`-A ${chain} ${rule.join(" ")}`);
      const check = `${program} -C ${[chain, ...rule].map(quote).join(" ")} 2>/dev/null`;
      // Not echo, which takes a backslash in the words for its own.
      const say = `printf '%s\\n' ${quote([family, table, chain, ...rule].join(" "))}`;
      return `  case "$newline$rules$newline" in *"$newline"${listed}"$newline"*) ${say} ;; *) ${check} && ${say} ;; esac`;
    });
    return [`if rules=$(${program} -S ${quote(chain)} 2>/dev/null); then`, ...checks, "fi"];
  });
}

/** What is printed line by line travels in a packet a line, each as dear as the whole to both ends. */
function printedAtOnce(lines: string[]): string {
  return wrap([`facts=$(`, ...lines, `)`, `printf '%s\\n' "$facts"`]);
}

/** The whole script is read before its first line runs: a connection that dies half-way leaves nothing half done. */
export function wrap(lines: string[]): string {
  return ["podnet_main() {", ...lines, "}", "podnet_main </dev/null", ""].join("\n");
}
