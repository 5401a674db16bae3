import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { quote } from "../components/node/quote";
import { cacheFolder, projectFolder } from "./cache";
import { locked } from "./lock";
import { kernelModules } from "./modules";
import { must } from "./shell";

const halfBuilt = "lab-root-building-";

/** What a plain Debian 12 server with SSH has. */
const packages = [
  "systemd",
  "systemd-sysv",
  "dbus",
  "openssh-server",
  "sudo",
  "iproute2",
  "nftables",
  "iptables",
  "iputils-ping",
  "ifupdown",
  "kmod",
  "procps",
];

/**
 * What is done inside the new root. sources.list goes so that a node knows of no package server; host keys go so that
 * each node gets its own; timers that wake up on a real server would only take time from the tests.
 */
const finish = `set -eu
rm -rf /etc/apt/sources.list /etc/apt/sources.list.d/* /etc/apt/apt.conf.d/99mmdebstrap /etc/apt/auth.conf.d/*
rm -f /etc/ssh/ssh_host_* /etc/resolv.conf /etc/machine-id
: > /etc/machine-id
useradd --create-home --shell /bin/bash admin
echo 'admin ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/admin
chmod 440 /etc/sudoers.d/admin
printf 'HostKey /etc/ssh/ssh_host_ed25519_key\\nPasswordAuthentication no\\nUseDNS no\\n' > /etc/ssh/sshd_config.d/lab.conf
for unit in apt-daily.timer apt-daily-upgrade.timer dpkg-db-backup.timer e2scrub_all.timer e2scrub_reap.service \\
  fstrim.timer console-getty.service; do
  ln -sf /dev/null /etc/systemd/system/$unit
done
systemctl enable ssh.service networking.service >/dev/null 2>&1
mkdir -p /opt/cni/bin /etc/cni/net.d
`;

/**
 * The read-only root that all nodes share, made once for this recipe and this kernel. Answers its folder.
 *
 * @param further Debian packages besides those of a plain server
 */
export async function nodeRoot(further: readonly string[], onBuild: () => void): Promise<string> {
  const included = [...packages, ...further];
  const modules = kernelModules();
  const modulesFolder = `/lib/modules/${modules.release}`;
  const builtin = modules.builtin.map((path) => `${path}\n`).join("");
  const listModules =
    builtin === ""
      ? `mkdir -p ${modulesFolder}\n`
      : `mkdir -p ${modulesFolder}\nprintf %s ${quote(builtin)} > ${modulesFolder}/modules.builtin
: > ${modulesFolder}/modules.order\ndepmod ${modules.release}\n`;
  const inside = finish + listModules;
  const recipe = createHash("sha256")
    .update(JSON.stringify([included, inside]))
    .digest("hex")
    .slice(0, 12);
  const folder = join(cacheFolder, `lab-root-${recipe}`);
  if (existsSync(folder)) return folder;
  // Two labs that need it at the same time: one makes it, the other takes it.
  return locked(join(cacheFolder, "lab-root.lock"), async () => {
    if (existsSync(folder)) return folder;
    onBuild();
    await removeHalfBuiltRoots();
    await build(folder, included, inside);
    return folder;
  });
}

async function build(folder: string, included: readonly string[], inside: string): Promise<void> {
  const building = await mkdtemp(join(cacheFolder, halfBuilt));
  try {
    const target = join(building, "root");
    // The machine's own package sources are the ones that are sure to be reachable from here.
    await must(
      "make the nodes' root by mmdebstrap",
      `exec 2>&1
set --
for list in /etc/apt/sources.list /etc/apt/sources.list.d/*.list /etc/apt/sources.list.d/*.sources; do
  [ ! -s "$list" ] || set -- "$@" "$list"
done
mmdebstrap --quiet --mode=root --variant=minbase --format=directory --include=${included.join(",")} \
  bookworm ${quote(target)} "$@"
chroot ${quote(target)} /bin/sh -s <<'INSIDE'
${inside}INSIDE
`,
      { timeoutSeconds: 1700 },
    );
    await rename(target, folder);
  } finally {
    await rm(building, { recursive: true, force: true });
  }
}

/** What killed builds left; whoever holds the lock is alone. */
async function removeHalfBuiltRoots(): Promise<void> {
  for (const entry of await readdir(cacheFolder)) {
    if (entry.startsWith(halfBuilt)) await rm(join(cacheFolder, entry), { recursive: true, force: true });
  }
}

/** The layer with the CNI plugins in /opt/cni/bin and cnitool in /usr/local/bin, as a cluster's packages put them. */
export async function cniLayer(): Promise<string> {
  const script = join(projectFolder(), "toolchain", "bootstrap.mjs");
  const folder = await must("build the CNI plugins", `${quote(process.execPath)} ${quote(script)} cni`, {
    timeoutSeconds: 1700,
  });
  return folder.trim();
}
