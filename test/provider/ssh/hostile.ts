import { once } from "node:events";
import { readFileSync } from "node:fs";
import { Server, type ServerChannel } from "ssh2";
import { type Connection, type ConnectionInput, connection } from "../../../components/node/connection";
import { publicKey } from "./sshd";

/** A node that does with a script what the test says, instead of running it. */
export interface HostileNode {
  port: number;
  /** Every script that was sent, in order. */
  scripts: string[];
  connection(settings?: Partial<ConnectionInput>): Connection;
  stop(): Promise<void>;
}

export type Answer = (channel: ServerChannel, script: string) => void;

/** @param keyFile both its host key and the key of whoever may log in, which is anybody */
export async function hostileNode(keyFile: string, answer: Answer): Promise<HostileNode> {
  const scripts: string[] = [];
  const server = new Server({ hostKeys: [readFileSync(keyFile)] }, (client) => {
    client.on("error", () => undefined);
    client.on("authentication", (context) => context.accept());
    client.on("session", (acceptSession) => {
      acceptSession().on("exec", (acceptExec) => {
        const channel = acceptExec();
        let script = "";
        channel.on("error", () => undefined);
        channel.on("data", (chunk: Buffer) => {
          script += chunk;
        });
        channel.on("end", () => {
          scripts.push(script);
          answer(channel, script);
        });
      });
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  return {
    port,
    scripts,
    connection: (settings = {}) =>
      connection.parse({
        host: "127.0.0.1",
        port,
        key: { file: keyFile },
        hostKey: { pinned: publicKey(keyFile) },
        connectTimeoutSeconds: 60,
        commandTimeoutSeconds: 60,
        ...settings,
      }),
    async stop() {
      server.close();
    },
  };
}

/** Says something, and ends as a script would. */
export function say(channel: ServerChannel, text: string, code = 0): void {
  channel.write(text, () => {
    channel.exit(code);
    channel.end();
  });
}
