import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { Server } from "ssh2";

/** A node where logins begin and do not go on until a test lets them: then they fail for good. */
interface HoldingNode {
  port: number;
  /** TCP connections that arrived so far. */
  come(): number;
  /** Ends the logins that are there. */
  letGo(): void;
  stop(): void;
}

/**
 * @param hostKey a private key
 * @param host where it listens; undefined: on every address
 */
export async function holdingNode(hostKey: string, host?: string): Promise<HoldingNode> {
  // No algorithm that anybody offers: such a login is not tried again.
  const algorithms = { kex: ["diffie-hellman-group14-sha1" as const] };
  const refusing = new Server({ hostKeys: [hostKey], algorithms }, (client) => client.on("error", () => undefined));
  let come = 0;
  const held: Socket[] = [];
  const server = createServer((socket) => {
    come += 1;
    held.push(socket.on("error", () => undefined));
  }).listen(0, host);
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    port,
    come: () => come,
    letGo() {
      for (const socket of held.splice(0)) refusing.injectSocket(socket);
    },
    stop: () => void server.close(),
  };
}
