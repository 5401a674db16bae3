import { stringify } from "yaml";
import type { InventoryInput } from "../components/inventory";
import { addresses, routerHost, type SegmentName, segmentNames, subnets } from "./address";
import type { PlacedNode } from "./topology";

export interface LabFiles {
  folder: string;
  privateKey: string;
  publicKey: string;
  knownHosts: string;
  inventory: string;
  sshConfig: string;
}

export function labFiles(folder: string): LabFiles {
  return {
    folder,
    privateKey: `${folder}/id_ed25519`,
    publicKey: `${folder}/id_ed25519.pub`,
    knownHosts: `${folder}/known_hosts`,
    inventory: `${folder}/inventory.yaml`,
    sshConfig: `${folder}/ssh_config`,
  };
}

/** The inventory that podnet's networks read: the lab as a platform team would describe its rack. */
export function inventoryText(slot: number, nodes: PlacedNode[], files: LabFiles): string {
  const segments = Object.fromEntries(
    segmentNames.map((segment) => [
      segment,
      { subnets: Object.values(subnets(slot, segment)), routers: Object.values(addresses(slot, segment, routerHost)) },
    ]),
  ) as Record<SegmentName, { subnets: string[]; routers: string[] }>;
  const document: InventoryInput = {
    defaults: {
      connection: { user: "root", key: { file: files.privateKey }, hostKey: { knownHosts: files.knownHosts } },
    },
    segments,
    nodes: Object.fromEntries(
      nodes.map((node) => {
        const own = addresses(slot, node.segment, node.host);
        const entry = {
          connection: { host: own.ipv4 },
          addresses: [own.ipv4, own.ipv6],
          segment: node.segment,
          nic: "eth0",
        };
        return [node.name, entry];
      }),
    ),
  };
  return stringify(document);
}

export function knownHostsText(slot: number, nodes: PlacedNode[], hostKeys: Map<string, string>): string {
  return nodes
    .map((node) => {
      const own = addresses(slot, node.segment, node.host);
      return `${own.ipv4},${own.ipv6} ${hostKeys.get(node.name)}\n`;
    })
    .join("");
}

/** For people: `ssh -F <file> node1`. */
export function sshConfigText(slot: number, nodes: PlacedNode[], files: LabFiles): string {
  const hosts = nodes.map((node) => `Host ${node.name}\n  HostName ${addresses(slot, node.segment, node.host).ipv4}\n`);
  return `${hosts.join("")}Host *
  User root
  IdentityFile ${files.privateKey}
  IdentitiesOnly yes
  UserKnownHostsFile ${files.knownHosts}
  StrictHostKeyChecking yes
`;
}
