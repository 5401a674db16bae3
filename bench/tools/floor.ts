import { readFileSync } from "node:fs";
import ssh2, { type PublicKeyAuthMethod } from "ssh2";
import type { Lab } from "../../lab";
import { each } from "../each";
import type { BenchNode } from "../network";

/** As many nodes at a time as podnet's provider takes. */
export const concurrency = 64;

/** The least that a change over SSH can cost: one connection and one `exec` of a script that is ready. Answers seconds. */
export async function floor<Node extends BenchNode>(
  lab: Lab,
  nodes: readonly Node[],
  script: (node: Node) => string,
): Promise<number> {
  const key = ssh2.utils.parseKey(readFileSync(lab.privateKeyFile));
  if (key instanceof Error) throw key;
  const login: PublicKeyAuthMethod = { type: "publickey", username: "root", key };
  const hostKeys = readFileSync(lab.knownHostsFile, "utf8");
  const scripts = new Map(nodes.map((node) => [node, script(node)]));
  const started = performance.now();
  await each(nodes, concurrency, async (node) => {
    await run(node, scripts.get(node) as string, login, hostKeys);
  });
  return (performance.now() - started) / 1000;
}

function run(node: BenchNode, script: string, login: PublicKeyAuthMethod, hostKeys: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const client = new ssh2.Client();
    const fail = (why: string) => {
      client.end();
      reject(new Error(`floor: ${node.name}: ${why}`));
    };
    client.on("error", (error) => fail(error.message));
    client.on("ready", () => {
      client.exec("/bin/sh -s", (error, channel) => {
        if (error) return fail(error.message);
        let errors = "";
        channel.stderr.on("data", (chunk) => {
          errors += chunk;
        });
        channel.resume();
        channel.on("close", (code: number) => {
          if (code !== 0) return fail(`the script ended with ${code}: ${errors}`);
          client.end();
          resolve();
        });
        channel.end(script);
      });
    });
    client.connect({
      host: node.address,
      username: "root",
      authHandler: [login],
      algorithms: {
        kex: ["curve25519-sha256"],
        cipher: ["aes128-gcm@openssh.com"],
        serverHostKey: ["ssh-ed25519"],
        compress: ["none"],
      },
      hostVerifier: (key: Buffer) => hostKeys.includes(key.toString("base64")),
    });
  });
}
