/** Where a node finds the archive of images, under its own name. */
export const imagesInNode = "/var/lib/podnet-lab-images";

/** Sysctls of the whole machine that kubelet wants to have so, and would set. */
const kubeletSysctls: Record<string, number> = {
  "vm/overcommit_memory": 1,
  "vm/panic_on_oom": 0,
  "kernel/panic": 10,
  "kernel/panic_on_oops": 1,
  "kernel/keys/root_maxkeys": 1_000_000,
  "kernel/keys/root_maxbytes": 25_000_000,
};

/**
 * What the node's mounts must be before a container runs. Kubelet reads a sysctl before it sets it, so it finds files
 * with the values it wants in place of those that belong to the machine the lab runs on, and changes none.
 */
export const mountsScript = `set -eu
mount --make-rshared /
awk '{ for (i = 7; i < NF; i++) if ($i == "-" && $(i + 1) == "cgroup") print $5 }' /proc/self/mountinfo | sort -u |
while read -r hierarchy; do
  mount -o remount,rw,bind "$hierarchy"
done
# A container's /sys has no place for BPF objects, and Calico's pods want the node's.
if [ ! -d /sys/fs/bpf ]; then
  mount -o remount,rw /sys
  mkdir -p /sys/fs/bpf
  mount -o remount,ro /sys
fi
if ! grep -q ' /sys/fs/bpf ' /proc/mounts && grep -qw bpf /proc/filesystems; then mount -t bpf bpf /sys/fs/bpf; fi
mkdir -p /run/kubelet-sysctls
while read -r name value; do
  [ -e "/proc/sys/$name" ] || continue
  file=/run/kubelet-sysctls/$(echo "$name" | tr / .)
  echo "$value" > "$file"
  mount --bind "$file" "/proc/sys/$name"
done <<'END'
${Object.entries(kubeletSysctls)
  .map(([name, value]) => `${name} ${value}`)
  .join("\n")}
END
`;

/** Images are in the node for good once they are imported; they are unpacked when they are first run. */
export const imagesScript = `set -eu
for archive in ${imagesInNode}/*.tar; do
  mark=/var/lib/containerd/$(basename "$archive").imported
  # An archive of an earlier start has left its name.
  [ -s "$archive" ] && [ ! -e "$mark" ] || continue
  ctr --namespace k8s.io images import --no-unpack "$archive"
  : > "$mark"
done
`;
