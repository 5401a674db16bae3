import { show } from "./run.mjs";

/** What network daemons call, as Debian 12 has it. */
const packages = "bash,bird,busybox,conntrack,ipset,iproute2,iptables,nftables,runit";

/** Done inside: the packages are only unpacked, so what their own scripts would do is done here as far as it is used. */
const finish = `set -eu
/bin/busybox mkdir -p /usr/bin /usr/sbin /root
for applet in $(/bin/busybox --list-full); do [ -e "/$applet" ] || /bin/busybox ln -s /bin/busybox "/$applet"; done
for name in iptables iptables-save iptables-restore ip6tables ip6tables-save ip6tables-restore; do
  ln -sf xtables-nft-multi /usr/sbin/$name
done
rm -rf /usr/share/doc /usr/share/man /usr/share/locale /usr/share/info /usr/share/perl5 /var/cache/* /var/lib/apt
printf 'root:x:0:0:root:/root:/bin/sh\\nnobody:x:65534:65534:nobody:/:/bin/false\\n' > /etc/passwd
printf 'root:x:0:\\nnogroup:x:65534:\\n' > /etc/group
printf 'hosts: files dns\\n' > /etc/nsswitch.conf
`;

/** Unpacks the base of the daemons' images into a folder that is not there yet: 50 MB, without a package manager. */
export function imageBase(folder) {
  const words = ["--quiet", "--mode=root", "--variant=extract", "--format=directory", `--include=${packages}`];
  show("mmdebstrap", [...words, "bookworm", folder]);
  show("chroot", [folder, "/bin/busybox", "sh", "-c", finish]);
}
