import { sha256 } from "./kinds/file";
import { head, link, text, unit } from "./node-text";
import { outcomes } from "./outcomes";
import { quote } from "./quote";
import { readmeFile } from "./readme-file";

/** What a node does at boot: a change that was pending is brought to its end, and what is committed is made again. */
const bootLines = text([
  ...head,
  `cd /var/lib/podnet || exit 0`,
  `if [ -e pending/verdict/commit ]; then sh pending/finish.sh; elif [ -d pending ]; then sh pending/undo.sh boot; fi`,
  `cd /var/lib/podnet 2>/dev/null || exit 0`,
  `rm -rf .new-* .done-*`,
  `for file in */replay.sh; do if [ -e "$file" ]; then sh "$file"; fi; done`,
]);

/** Every service that starts pods: the network is there before them. */
const podServices = "containerd crio docker kubelet k3s k3s-agent rke2-server rke2-agent".split(" ");

const bootUnit = text([
  "[Unit]",
  "Description=podnet: the node's network, as last committed",
  "DefaultDependencies=yes",
  // networkd and NetworkManager count as started before their NICs have addresses: online is when they have.
  "Wants=network-online.target",
  "After=network-online.target networking.service systemd-networkd.service NetworkManager.service nftables.service openvswitch-switch.service openvswitch.service",
  `Before=${podServices.map((name) => `${name}.service`).join(" ")}`,
  // Whoever logs in before it runs may bring a pending change to its end, and podnet off the node with it.
  "ConditionPathExists=/var/lib/podnet/boot.sh",
  "",
  "[Service]",
  "Type=oneshot",
  "RemainAfterExit=yes",
  "ExecStart=/bin/sh /var/lib/podnet/boot.sh",
  "",
  "[Install]",
  "WantedBy=multi-user.target",
]);

/** The first line of the file that is run at boot: another one stands for another file, or another unit that runs it. */
const bootMark = `# ${sha256(bootLines + bootUnit)}`;
const bootFile = `${bootMark}\n${bootLines}`;

/** Without it a reset would leave a change half made: then nothing is changed. */
export const installBoot = [
  `printf %s ${quote(readmeFile)} > README`,
  `line=; read -r line 2>/dev/null < boot.sh; [ "$line" = ${quote(bootMark)} ] || line=`,
  // The link is what counts: a disk that became read-only in between took the unit alone.
  `if [ -d /run/systemd/system ] && { [ -z "$line" ] || [ ! -e ${link} ]; }; then`,
  `  { umask 022; printf %s ${quote(bootUnit)} > ${unit}.new && mv -f ${unit}.new ${unit} && systemctl enable -q podnet.service; } ||`,
  `    { rm -f ${unit}.new; [ -e ${link} ] || rm -f ${unit}; release ${outcomes.unprepared}; }`,
  `  umask 077`,
  `fi`,
  // Last: what it stands for is there by then.
  `[ -n "$line" ] || { printf %s ${quote(bootFile)} > pending/boot.sh && mv -f pending/boot.sh boot.sh; } || release ${outcomes.unprepared}`,
];
