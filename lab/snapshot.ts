/** Counters and clocks of links that go on by themselves, and numbers that only say in which order links were made. */
const moving = [
  "qlen",
  "gso_max_segs",
  "gso_max_size",
  "gso_ipv4_max_size",
  "gro_max_size",
  "gro_ipv4_max_size",
  "tso_max_size",
  "tso_max_segs",
  "numtxqueues",
  "numrxqueues",
  "link-netnsid",
  "[a-z_]+_timer",
].join("|");

/** Sysctls that are measurements, actions or secrets rather than settings. */
const unsettled = [
  "netfilter\\.nf_conntrack_(count|max|buckets|expect_max)",
  "ipv[46]\\.route\\.flush",
  "core\\.(rps|flow|bpf)",
  "ipv4\\.(tcp_fastopen_key|inet_peer|tcp_mem|udp_mem)",
  "ipv6\\.conf\\.[^.]+\\.stable_secret",
].join("|");

const volatileFiles = ["/etc/machine-id", "/etc/adjtime", "/etc/resolv.conf", "/etc/mtab", "/etc/.pwd.lock", "*.log"];
const pruned = volatileFiles.map((path) => `-path '${path}'`).join(" -o ");

/**
 * Everything about a node that podnet may change, as text: two snapshots with no change between them are equal, and
 * what differs shows in a line-by-line comparison.
 */
export const snapshotScript = `
# An address that is still being checked for duplicates changes by itself a moment later.
for tick in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
  [ -n "$(ip -6 -o address show tentative)" ] || break
  sleep 0.2
done
section() { printf '\\n## %s\\n' "$1"; }
section links; ip -details link | sed -E 's/ (${moving}) +[0-9.]+//g; s/^[0-9]+: //; s/@if[0-9]+//; s/ +$//'
section addresses; ip -br address | sed -E 's/@if[0-9]+//; s/ +/ /g; s/ $//'
section routes; { ip -4 route show table all; ip -6 route show table all; } | sed -E 's/ expires [0-9]+sec//; s/ +$//' | sort
section rules; ip -4 rule; ip -6 rule
section neighbours; { ip neigh show nud permanent; ip neigh show proxy; bridge fdb show | grep -E ' (dst|static)'; } | sort
section nftables; nft --stateless list ruleset
section iptables-legacy
for tool in iptables-legacy-save ip6tables-legacy-save; do
  $tool 2>/dev/null | grep -v '^#' | sed -E 's/\\[[0-9]+:[0-9]+\\]//'
done
section sysctls; sysctl -a -e --pattern '^net\\.' 2>/dev/null | grep -Ev '^net\\.(${unsettled})' | sort
# On a busy machine systemd may not answer in time, which looks like a node without units.
asked() {
  [ -d /run/systemd/system ] || return 0
  for tick in 1 2 3 4 5 6; do
    systemctl "$@" --no-legend --no-pager --plain 2>/dev/null && return
    sleep 1
  done
  echo "systemd does not answer: systemctl $*"
}
section units; asked list-unit-files | sed -E 's/ +/ /g; s/ $//'
section 'failed units'; asked list-units --failed
section timers; asked list-units --type=timer --all | cut -d' ' -f1
section files
set --
for folder in /etc /var/lib/cni /opt /usr/local /var/lib/podnet /run/podnet; do [ ! -d $folder ] || set -- "$@" $folder; done
{
  find "$@" -xdev \\( ${pruned} \\) -prune -o -type l -printf '%p -> %l\\n' -o -printf '%p %y %m %u:%g\\n'
  find "$@" -xdev \\( ${pruned} \\) -prune -o -type f -exec sha256sum {} + | sed -E 's/^([0-9a-f]+)  (.*)/\\2 sha256 \\1/'
} | sort
`;
