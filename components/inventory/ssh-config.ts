import SSHConfig from "ssh-config";
import type { Problem } from "../addresses/problem";
import { readJump } from "./jump";
import type { Imported, InventoryInput } from "./schema";

type Node = InventoryInput["nodes"][string];

/** A host of ssh_config, with what ssh does not know of a node. */
export type SshHost = string | ({ name: string } & Omit<Node, "connection">);

/** The nodes that hosts of an ssh_config stand for. */
export function nodesOfSshConfig(text: string, hosts: readonly SshHost[]): Imported {
  const config = SSHConfig.parse(text);
  const problems: Problem[] = [];
  const warnings = /^\s*Include\s/im.test(text) ? ["Include in ssh_config is not followed"] : [];
  const nodes = hosts.map((host) => {
    const { name, ...rest } = typeof host === "string" ? { name: host } : host;
    const settings = settingsOf(config, name);
    const target = settings.first("ProxyJump");
    const jump = target === undefined || target === "none" ? undefined : readJump(target, `nodes.${name}.ProxyJump`);
    problems.push(...(jump?.problems ?? []));
    const command = target === undefined && settings.first("ProxyCommand");
    if (command && command !== "none")
      warnings.push(
        `ProxyCommand of ${name} in ssh_config is not used; a bastion is written ProxyJump [user@]host[:port]`,
      );
    const connection = {
      ...endpoint(config, name),
      ...(jump?.jump && { jump: { ...endpoint(config, jump.jump.host), ...withoutHost(jump.jump) } }),
    };
    return [name, { ...rest, connection }] as const;
  });
  return { nodes: Object.fromEntries(nodes), problems, warnings };
}

function settingsOf(config: SSHConfig, host: string) {
  const computed = config.compute(host, { ignoreCase: true }) as Record<string, string | string[] | undefined>;
  const byName = new Map(Object.entries(computed).map(([key, value]) => [key.toLowerCase(), value]));
  return {
    first(key: string): string | undefined {
      const value = byName.get(key.toLowerCase());
      return Array.isArray(value) ? value[0] : value;
    },
  };
}

function endpoint(config: SSHConfig, name: string) {
  const { first } = settingsOf(config, name);
  const [port, user, file] = [first("Port"), first("User"), first("IdentityFile")];
  const knownHosts = first("UserKnownHostsFile")?.split(/\s+/)[0];
  return {
    host: (first("HostName") ?? name).replaceAll("%h", name),
    ...(port !== undefined && { port: Number(port) }),
    ...(user !== undefined && { user }),
    ...(file !== undefined && { key: { file } }),
    ...(knownHosts !== undefined && { hostKey: { knownHosts } }),
  };
}

function withoutHost({ host: _, ...rest }: { host: string; port?: number; user?: string }) {
  return rest;
}
