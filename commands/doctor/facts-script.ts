import { wrap } from "../../components/node/facts-script";
import { quote } from "../../components/node/quote";

const tools = ["ip", "nft", "iptables", "ping", "systemctl", "setsid", "sha256sum", "curl", "wget", "modprobe"];
const features = {
  bridge: "CONFIG_BRIDGE",
  vxlan: "CONFIG_VXLAN",
  br_netfilter: "CONFIG_BRIDGE_NETFILTER",
  nf_tables: "CONFIG_NF_TABLES",
};
const services = [
  "NetworkManager.service",
  "systemd-networkd.service",
  "firewalld.service",
  "ufw.service",
  "docker.service",
];
const sysctls = ["net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding", "net/ipv4/conf/all/rp_filter"];

/** Chains of nftables that end what they do not accept: by their policy, or by a last rule as firewalld's. */
const filters = `{ nft -t list ruleset 2> /dev/null || nft list ruleset 2> /dev/null; } | awk '
  $1 == "table" { table = $2 " " $3 }
  $1 == "chain" { chain = $2; hook = ""; end = "" }
  $1 == "type" && / hook (input|forward) / { hook = / hook input / ? "input" : "forward"; if (/policy drop/) end = "policy" }
  /udp dport/ && /4789/ && /accept/ { print "accepts vxlan" }
  hook != "" {
    rule = $0; sub(/^[ \t]+/, "", rule); sub(/^counter packets [0-9]+ bytes [0-9]+ /, "", rule)
    if (end == "" && rule ~ /^(drop|reject|xt target "REJECT")/) end = "rule"
  }
  $1 == "}" && hook != "" { if (end != "") print hook, end, table, chain; hook = "" }
' 2> /dev/null`;

/**
 * Reads what the findings need and changes nothing. Every section starts with a line "@@ name".
 *
 * @param pluginDirectory where the CNI plugins are expected
 */
export function factsScript(pluginDirectory: string): string {
  const plugin = quote(`${pluginDirectory}/bridge`);
  return wrap([
    `export LC_ALL=C PATH="$PATH:/usr/local/sbin:/usr/sbin:/sbin"
echo "@@ user"; id -u
echo "@@ clock"; date +%s
echo "@@ kernel"; uname -r
echo "@@ tools"
for tool in ${tools.join(" ")}; do command -v "$tool" > /dev/null && echo "$tool"; done
echo "@@ features"
configuration=$(zcat /proc/config.gz 2> /dev/null || cat "/boot/config-$(uname -r)" 2> /dev/null)
feature() {
  [ -d "/sys/module/$1" ] || modprobe -n -q "$1" 2> /dev/null || {
    case $configuration in *"$2=y"* | *"$2=m"*) true ;; *) [ -z "$configuration" ] && echo "?$1"; false ;; esac
  } && echo "$1"
}
${Object.entries(features)
  .map(([module, option]) => `feature ${module} ${option}`)
  .join("\n")}
echo "@@ sysctls"
for name in ${sysctls.join(" ")}; do [ -r "/proc/sys/$name" ] && echo "$name=$(cat "/proc/sys/$name")"; done
echo "@@ strict"
grep -l 1 /proc/sys/net/ipv4/conf/*/rp_filter 2> /dev/null | cut -d/ -f7
echo "@@ services"
[ -d /run/systemd/system ] && echo systemd
for service in ${services.join(" ")}; do
  [ "$(systemctl is-active "$service" 2> /dev/null)" = active ] && echo "$service"
done
grep -qs '^ENABLED=yes' /etc/ufw/ufw.conf && echo ufw-enabled
echo "@@ networkd"
grep -rhsE '^(ManageForeignRoutes|ManageForeignRoutingPolicyRules)' /etc/systemd/networkd.conf /etc/systemd/networkd.conf.d
grep -lsE '^Name=.*\\*' /etc/systemd/network/*.network /run/systemd/network/*.network
echo "@@ networkmanager"
nmcli -t -f DEVICE,TYPE,STATE device 2> /dev/null
grep -rhsE '^unmanaged-devices' /etc/NetworkManager/NetworkManager.conf /etc/NetworkManager/conf.d
echo "@@ forward"
for command in iptables ip6tables; do
  # Listing with the legacy tools would load a kernel module that was not there.
  case $($command -V 2> /dev/null) in
    *nf_tables*) ;;
    *) grep -qs '^filter$' "/proc/net/\${command%tables}_tables_names" || continue ;;
  esac
  for chain in FORWARD INPUT; do echo "$command $($command -S $chain 2> /dev/null | head -n 1)"; done
  $command -S 2> /dev/null | grep -q -- '--dport 4789 .*-j ACCEPT' && echo "accepts vxlan"
done
echo "@@ filters"
${filters}
echo "@@ advertised"
ip -6 route show default proto ra 2> /dev/null | sed -n 's/.* dev \\([^ ]*\\).*/\\1/p' | sort -u | while read -r device; do
  echo "$device=$(cat "/proc/sys/net/ipv6/conf/$device/accept_ra" 2> /dev/null)"
done
echo "@@ links"; ip -json address show 2> /dev/null
echo; echo "@@ disk"
df -Pk /var/lib /etc 2> /dev/null
echo "@@ plugin"; CNI_COMMAND= ${plugin} < /dev/null 2>&1 | head -n 2
echo "@@ cni"; ls /etc/cni/net.d 2> /dev/null | grep -E '\\.(conf|conflist|json)$' | sort
echo "@@ pending"
if [ -d /var/lib/podnet/pending ]; then
  echo "owner $(cat /var/lib/podnet/pending/owner)"
  echo "deadline $(cat /var/lib/podnet/pending/deadline)"
  echo "uptime $(cut -d. -f1 /proc/uptime)"
  [ "$(cat /var/lib/podnet/pending/boot)" = "$(cat /proc/sys/kernel/random/boot_id)" ] || echo "rebooted"
  [ ! -e /var/lib/podnet/pending/verdict/commit ] || echo "confirmed"
fi
echo "@@ owners"; for file in /var/lib/podnet/*/manifest.json; do
  [ -e "$file" ] && { file=\${file%/manifest.json}; echo "\${file##*/}"; }
done
echo "@@ end"`,
  ]);
}
