import { cleanUnit } from "../network-nodes/clean";
import { type Residue, withoutResidue } from "../network-nodes/residue";
import type { RomanaSettings } from "./complete";
import { files, table } from "./names";

/** What Romana's programs make on a node and leave there. */
function residue({ programs }: RomanaSettings): Residue {
  const own = programs && programs.etcd.endpoints.length === 0 ? [programs.etcd.dataDirectory] : [];
  return {
    // The kernel keeps fifteen letters of a process' name.
    processes: ["romana_agent", "romanad", "romana_listener", "romana_route_pu"],
    links: ["romana-gw", "romana-lo"],
    chains: "ROMANA[-_]",
    sets: "^(localBlocks$|ROMANA-)",
    paths: [
      files.romana,
      "/opt/cni/bin/romana",
      "/usr/local/bin/romana",
      "/etc/romana",
      "/etc/rlog",
      "/var/run/romana",
      ...own,
    ],
    folders: ["/var/lib/romana"],
  };
}

/** Takes it away when podnet removes the network, and the table of routes with its rule. */
export const cleaning = (settings: RomanaSettings) =>
  cleanUnit(settings.name, [...withoutResidue(residue(settings)), ...withoutTable]);

/** The table is only Romana's where it has its name: its number may be anybody's. */
const withoutTable = [
  `names=/etc/iproute2/rt_tables`,
  `if grep -qE '^${table.number}[[:space:]]+${table.name}$' $names 2>/dev/null; then`,
  `  while ip -4 rule delete table ${table.number} 2>/dev/null; do :; done`,
  `  ip -4 route flush table ${table.number} 2>/dev/null`,
  `  sed -i '/^${table.number}[[:space:]][[:space:]]*${table.name}$/d' $names`,
  "fi",
];
