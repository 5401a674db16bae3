import type { Endpoint, Resource } from "./stack";

/**
 * A node or bastion that is trusted without a key that somebody compared: whoever answers first is root's master.
 *
 * @param knownHosts whether a known_hosts file of the runner counts as pinned
 */
export function unpinnedHosts({ type, props }: Pick<Resource, "type" | "props">, knownHosts: boolean): string[] {
  const { node, connection } = props;
  if (type !== "podnet:index:NodeState" || !connection) return [];
  const rule = knownHosts ? "neither pinned nor looked up in known_hosts" : "not pinned";
  return [
    { name: node, endpoint: connection },
    { name: `the bastion ${connection.jump?.host}`, endpoint: connection.jump },
  ]
    .filter(({ endpoint }) => endpoint && !isPinned(endpoint, knownHosts))
    .map(({ name }) => `the host key of ${name} is ${rule}; say hostKey: { pinned: "ssh-ed25519 ..." }`);
}

/** Without a word about it, podnet looks into the runner's known_hosts. */
function isPinned({ hostKey }: Endpoint, knownHosts: boolean): boolean {
  if (hostKey?.pinned !== undefined) return true;
  return knownHosts && hostKey?.onFirstUse === undefined;
}
