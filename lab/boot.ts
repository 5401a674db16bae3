import { quote } from "../components/node/quote";
import { addresses, hardwareAddress, prefixLength, routerHost } from "./address";
import type { PlacedNode } from "./topology";
import { switchNamespace, type Underlay } from "./underlay";

/** What a node stands on. */
export interface Boot {
  /** Read-only folders under a node's own files, the uppermost first. */
  layers: readonly string[];
  /** Further lines of the script that starts systemd-nspawn, in the node's folder. */
  prepare?: string;
  /** Further words for systemd-nspawn, quoted. */
  nspawn?: string;
}

/**
 * Starts a machine and starts it again after each reboot, in namespaces that are made afresh, as a kernel would be.
 * When this shell dies the machine dies with it, so that none runs that nobody would restart.
 *
 * @param ports its switch ports
 */
export function superviseScript(underlay: Underlay, name: string, ports: readonly string[], folder: string): string {
  return `#!/bin/sh
cd ${quote(folder)}
echo "$$ $(cut -d' ' -f22 /proc/$$/stat)" > supervisor.new && mv supervisor.new supervisor
quick=0
while [ $quick -lt 5 ]; do
  began=$(date +%s)
  setpriv --pdeathsig KILL unshare --net --mount --pid --uts --ipc --fork --kill-child=KILL \\
    /bin/sh ${quote(`${folder}/boot.sh`)} >> console.log 2>&1 < /dev/null
  code=$?
  rm -f process
  for port in ${ports.join(" ")}; do ip -n ${switchNamespace(underlay)} link del $port 2>/dev/null; done
  ${removeCgroups(`${underlay.name}/${name}`)}
  # Powered off stays off. Everything else, a reboot or a kill (power lost), starts again, unless it fails at once.
  [ $code != 0 ] || exit 0
  if [ $(($(date +%s) - began)) -lt 2 ]; then quick=$((quick + 1)); else quick=0; fi
done
`;
}

/**
 * Removes the cgroups of a lab, or of one of its nodes ("lab/node1"), in every hierarchy. A process that was killed
 * still holds its cgroup for a moment.
 */
export function removeCgroups(part: string): string {
  return `turn=0; while [ $turn -lt 300 ]; do
    left=
    for group in /sys/fs/cgroup/podnet-lab/${part} /sys/fs/cgroup/*/podnet-lab/${part}; do
      [ ! -d $group ] || find $group -depth -type d -exec rmdir {} + 2>/dev/null || left=$group
    done
    [ "$left" ] || break
    turn=$((turn + 1)); sleep 0.1
  done`;
}

export const ports = (node: PlacedNode) => [node.name, ...(node.secondNic ? [secondPort(node)] : [])];
const secondPort = (node: PlacedNode) => `${node.name}.1`;

/** First lines of what runs as the first process of a machine's namespaces. */
export function firstProcess(folder: string): string {
  return `set -eu
cd ${quote(folder)}
pid=$(cut -d' ' -f4 /proc/self/stat)
echo "$pid $(cut -d' ' -f22 /proc/$pid/stat)" > process.new
mv process.new process
mount -t proc proc /proc
`;
}

/** Runs as the first process of the node's namespaces. */
export function bootScript(underlay: Underlay, node: PlacedNode, folder: string, boot: Boot): string {
  return `${firstProcess(folder)}mkdir -p work root
mount -t overlay -o ${quote(`lowerdir=${boot.layers.join(":")},upperdir=${folder}/upper,workdir=${folder}/work`)} overlay root
${plug(underlay, node)}
# What is made under /run from here on stays in the node.
mount -t tmpfs -o mode=755 tmpfs /run
${node.kind === "light" ? light(underlay, node) : full(underlay, node, folder, boot)}`;
}

/** A cable from the switch to these namespaces. */
export function veth(space: string, port: string, nic: string, mac: string): string {
  return `ip -n ${space} link del ${port} 2>/dev/null || :
ip link add name ${nic} address ${mac} type veth peer name ${port} netns ${space}`;
}

/** A cable that was cut stays cut when the node starts again. */
function plug(underlay: Underlay, node: PlacedNode): string {
  const space = switchNamespace(underlay);
  const nics = [{ nic: 0, port: node.name, segment: node.segment }];
  if (node.secondNic) nics.push({ nic: 1, port: secondPort(node), segment: "a" });
  return nics
    .map(({ nic, port, segment }) => {
      const mac = hardwareAddress(underlay.slot, node.segment, node.host, nic);
      return `${veth(space, port, `eth${nic}`, mac)}
if [ -e cable-cut ]; then state=down; else state=up; fi
ip -n ${space} link set dev ${port} master segment-${segment} $state`;
    })
    .join("\n");
}

/**
 * The node's own cgroup in each hierarchy, before systemd starts in it: two systemds in one cgroup would each take the
 * other's services for their own.
 */
function full(underlay: Underlay, node: PlacedNode, folder: string, { prepare = "", nspawn = "" }: Boot): string {
  return `for hierarchy in $(awk '{ for (i = 7; i < NF; i++) if ($i == "-" && $(i + 1) ~ /^cgroup2?$/) print $5 }' /proc/self/mountinfo | sort -u); do
  path=$hierarchy
  for part in podnet-lab ${underlay.name} ${node.name}; do
    above=$path path=$path/$part
    mkdir -p "$path"
    # A cpuset without processors and memory takes no process.
    [ ! -e "$path/cpuset.cpus" ] || [ -e "$path/cgroup.controllers" ] ||
      { cat "$above/cpuset.cpus" > "$path/cpuset.cpus"; cat "$above/cpuset.mems" > "$path/cpuset.mems"; }
  done
  echo 0 > "$path/cgroup.procs"
done
bind=
[ ! -e /lib/modules/$(uname -r)/modules.dep ] || bind=--bind-ro=/lib/modules/$(uname -r)
# "network": the node writes net.* sysctls, and cannot write those that belong to the machine it runs on.
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
${prepare}exec systemd-nspawn --quiet --boot --machine=${node.name} --directory=${quote(`${folder}/root`)} \\
  --network-namespace-path=/proc/self/ns/net --register=no --keep-unit --private-users=no --link-journal=no \\
  --capability=all --system-call-filter='@module @keyring bpf' --resolv-conf=off --timezone=off \\
  --console=pipe --bind-ro=/sys/module $bind ${nspawn}
`;
}

/** A light node has no init: the lab itself sets its addresses, and sshd is its first process. */
function light(underlay: Underlay, node: PlacedNode): string {
  const own = addresses(underlay.slot, node.segment, node.host);
  const router = addresses(underlay.slot, node.segment, routerHost);
  return `echo ${node.name} > /proc/sys/kernel/hostname
ip -batch - <<'END'
link set dev lo up
addr add ${own.ipv4}/${prefixLength.ipv4} dev eth0
addr add ${own.ipv6}/${prefixLength.ipv6} dev eth0 nodad
link set dev eth0 up
route add default via ${router.ipv4}
route add default via ${router.ipv6}
END
cd root
mount -t proc proc proc
mount -t sysfs -o ro sysfs sys
# As in a full node: net.* can be written, what belongs to the whole machine cannot.
mount --bind proc/sys/net proc/sys/net
mount --rbind proc/sys proc/sys
mount -o remount,bind,ro proc/sys
mount -t tmpfs -o mode=755 tmpfs dev
cp -a /dev/null /dev/zero /dev/full /dev/random /dev/urandom /dev/tty dev/
mkdir dev/pts dev/shm
mount -t devpts -o newinstance,ptmxmode=0666 devpts dev/pts
ln -s pts/ptmx dev/ptmx
mount -t tmpfs -o mode=755 tmpfs run
mkdir run/sshd
[ ! -e /lib/modules/$(uname -r)/modules.dep ] || mount --bind -o ro /lib/modules/$(uname -r) lib/modules/$(uname -r)
pivot_root . mnt
exec chroot . /bin/sh -c 'umount -l /mnt; cd /; exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin /usr/sbin/sshd -D -E /var/log/sshd.log'
`;
}
