import { createServer, type Server, Socket } from "node:net";

/** A local port that leads to another host, each way some milliseconds later. */
export interface SlowPath {
  host: string;
  port: number;
  /** Ends the path and every connection through it. */
  close(): void;
}

/** Opens a path with latency, for a kernel that lacks netem. A byte takes `milliseconds` each way. */
export async function slowPath(target: { host: string; port: number }, milliseconds: number): Promise<SlowPath> {
  const sockets = new Set<Socket>();
  const track = (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => sockets.delete(socket));
  };
  const server = createServer({ allowHalfOpen: true }, (near) => {
    const far = new Socket({ allowHalfOpen: true });
    track(near);
    track(far);
    later(near, far, milliseconds);
    later(far, near, milliseconds);
    setTimeout(() => far.connect(target.port, target.host), milliseconds);
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    host: "127.0.0.1",
    port: portOf(server),
    close() {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Timers of one duration fire in the order they were set, so bytes keep their order. */
function later(from: Socket, to: Socket, milliseconds: number): void {
  from.on("data", (chunk) => setTimeout(() => to.destroyed || to.write(chunk), milliseconds));
  from.on("end", () => setTimeout(() => to.destroyed || to.end(), milliseconds));
  from.on("close", (failed) => failed && to.destroy());
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("lab: the slow path has no port");
  return address.port;
}
