import type { Connection } from "./connection";

/**
 * What `pulumi import podnet:index:NodeState NAME ID` takes: "ssh://root@198.18.0.11:22/pods", where the path is the
 * owner. Options as in an inventory: ?key=FILE or ?keyEnvironment=NAME, ?knownHosts=FILE or ?pinned=KEY or
 * ?onFirstUse=true, ?become=true, and ?jump=USER@HOST:PORT, a bastion with the same key and known hosts.
 */
export function parseImportId(id: string): { node: string; owner: string; connection: Record<string, unknown> } {
  const url = URL.parse(id);
  const owner = url?.pathname.slice(1);
  if (url?.protocol !== "ssh:" || !url.hostname || !owner)
    throw new Error(`"${id}" is not an import id; give ssh://USER@HOST[:PORT]/OWNER, such as ssh://root@node1/pods`);
  const option = (name: string) => url.searchParams.get(name) ?? undefined;
  const [key, keyEnvironment, knownHosts, pinned] = ["key", "keyEnvironment", "knownHosts", "pinned"].map(option);
  const trust = {
    ...(key ? { key: { file: key } } : keyEnvironment ? { key: { environment: keyEnvironment } } : {}),
    ...(knownHosts ? { hostKey: { knownHosts } } : pinned ? { hostKey: { pinned } } : {}),
    ...(option("onFirstUse") === "true" ? { hostKey: { onFirstUse: true } } : {}),
  };
  const jump = URL.parse(`ssh://${option("jump")}`);
  return {
    node: url.hostname,
    owner,
    connection: {
      ...place(url),
      ...trust,
      ...(option("become") === "true" ? { become: true } : {}),
      ...(option("jump") && jump ? { jump: { ...place(jump), ...trust } } : {}),
    },
  };
}

function place({ hostname, port, username }: URL): Record<string, unknown> {
  return {
    host: hostname.replaceAll(/^\[|\]$/g, ""),
    ...(port ? { port: Number(port) } : {}),
    ...(username ? { user: username } : {}),
  };
}

/** The import id of an owner's part of a node, or why its connection cannot be written as one. */
export function importId(connection: Connection, owner: string): { id: string } | { problem: string } {
  const { key, hostKey, become, jump } = connection;
  const options = new URLSearchParams();
  if (key && "secret" in key) return { problem: "its key is a secret of the program: give the file that has it" };
  if (key && "passphraseEnvironment" in key && key.passphraseEnvironment)
    return { problem: "its key has a passphrase: add it to the SSH agent, and leave key out of the connection" };
  if (jump && JSON.stringify([jump.key, jump.hostKey]) !== JSON.stringify([key, hostKey]))
    return { problem: "its bastion has another key or known hosts than the node: give both the same" };
  if (key && "file" in key) options.set("key", key.file);
  if (key && "environment" in key) options.set("keyEnvironment", key.environment);
  for (const [name, value] of Object.entries(hostKey ?? {})) options.set(name, String(value));
  if (become) options.set("become", "true");
  if (jump) options.set("jump", authority(jump));
  const query = options.size > 0 ? `?${options}` : "";
  return { id: `ssh://${authority(connection)}/${owner}${query}` };
}

function authority({ user, host, port }: Pick<Connection, "user" | "host" | "port">): string {
  return `${user}@${host.includes(":") ? `[${host}]` : host}:${port}`;
}
