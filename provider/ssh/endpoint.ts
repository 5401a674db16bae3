import { homedir } from "node:os";
import { join } from "node:path";
import type { Connection } from "../../components/node/connection";

/** One sshd and who logs in there: a node, or the bastion before it. */
export type Endpoint = NonNullable<Connection["jump"]>;

/** host:port, an IPv6 address in brackets. */
export function hostPort({ host, port }: Endpoint): string {
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

export function login(endpoint: Endpoint): string {
  return `${endpoint.user}@${hostPort(endpoint)}`;
}

/** Two connections with the same words here may share one session. */
export function route(connection: Connection): string {
  return login(connection) + (connection.jump ? ` via ${login(connection.jump)}` : "");
}

/** The machine behind a connection, whoever logs in there. */
export function machine({ jump, ...node }: Connection): string {
  return hostPort(node) + (jump ? ` via ${hostPort(jump)}` : "");
}

/** A path of this machine, where "~/" is the home of who runs podnet. */
export function homePath(path: string): string {
  return path.startsWith("~/") ? join(homedir(), path.slice(2)) : path;
}
