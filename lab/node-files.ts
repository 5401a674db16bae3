import { createHash } from "node:crypto";
import { addresses, prefixLength, routerHost } from "./address";
import type { PlacedNode } from "./topology";

export interface NodeFile {
  path: string;
  text: string;
  mode?: number;
  /** User and group number. @default 0 */
  owner?: number;
}

/** The number that the root's `admin` user has: the first one that Debian gives out. */
const admin = 1000;

/** What makes the shared root this node: name, network, keys. Written before its first boot. */
export function nodeFiles(lab: { name: string; slot: number }, node: PlacedNode, publicKey: string): NodeFile[] {
  const files: NodeFile[] = [
    { path: "etc/hostname", text: `${node.name}\n` },
    {
      path: "etc/hosts",
      text: `127.0.0.1 localhost\n127.0.1.1 ${node.name}\n::1 localhost ip6-localhost ip6-loopback\n`,
    },
    // systemd takes an ID that is there; a fixed one keeps a node the same machine over all its boots.
    {
      path: "etc/machine-id",
      text: `${createHash("md5").update(`${lab.name}/${node.name}`).digest("hex")}\n`,
      mode: 0o444,
    },
    { path: "root/.ssh/authorized_keys", text: publicKey, mode: 0o600 },
    { path: "home/admin/.ssh/authorized_keys", text: publicKey, mode: 0o600, owner: admin },
  ];
  if (node.kind !== "light") files.push({ path: "etc/network/interfaces", text: interfaces(lab.slot, node) });
  return files;
}

/** Folders whose mode is not 0755: a folder in a node's upper layer hides the mode that the root's folder has. */
export const folderModes: Record<string, { mode: number; owner?: number }> = {
  root: { mode: 0o700 },
  "root/.ssh": { mode: 0o700 },
  "home/admin": { mode: 0o755, owner: admin },
  "home/admin/.ssh": { mode: 0o700, owner: admin },
};

function interfaces(slot: number, node: PlacedNode): string {
  const own = addresses(slot, node.segment, node.host);
  const router = addresses(slot, node.segment, routerHost);
  return `auto lo
iface lo inet loopback

auto eth0
iface eth0 inet static
  address ${own.ipv4}/${prefixLength.ipv4}
  gateway ${router.ipv4}
iface eth0 inet6 static
  address ${own.ipv6}/${prefixLength.ipv6}
  gateway ${router.ipv6}
`;
}
