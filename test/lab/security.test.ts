import { execFileSync } from "node:child_process";
import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { secret } from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeState, type NodeStateArgs } from "../../components";
import { type Bed, bed, failure } from "./bed";

const folder = mkdtempSync(join(tmpdir(), "podnet-canary-"));
const log = join(folder, "podnet.jsonl");
const keys = { secret: makeKey("secret"), environment: makeKey("environment") };
const content = `canary-${randomBytes(12).toString("hex")}`;
const artifact = randomBytes(200_000);
const signature = `signature-${randomBytes(12).toString("hex")}`;
/** The lines that hold a key's private half may be nowhere; what a file holds may be where it belongs. */
const canaries = Object.values(keys).flatMap((key) => key.split("\n").slice(3, 5));

let world: Bed;
let found: string;

beforeAll(async () => {
  writeFileSync(join(folder, "artifact"), artifact);
  world = await bed("security", [{ name: "node1", segment: "b", kind: "full" }]);
  Object.assign(world.stack.workspace.envVars, { PODNET_CANARY_KEY: keys.environment, PODNET_LOG: log });
  const [forAdmin, forRoot] = ["secret", "environment"].map((name) =>
    readFileSync(join(folder, `${name}.pub`), "utf8"),
  );
  await on(`echo '${forAdmin}' >> /home/admin/.ssh/authorized_keys; echo '${forRoot}' >> /root/.ssh/authorized_keys`);
  await on(`cat > /etc/sudoers.d/admin <<'END'\n${documented()}END\n`);
  await on(`cat > /usr/local/bin/curl <<'END'\n${curl}END\nchmod 755 /usr/local/bin/curl`);
  found = await world.lab.snapshot("node1");
});
afterAll(async () => {
  await world?.end();
  rmSync(folder, { recursive: true });
});

/** The node's curl, which waits until its words were seen. It writes what the URL that it reads on stdin stands for. */
const curl = `#!/bin/sh
grep -q '^url = "https://files.example/cni?X-Amz-Signature=signature-' || exit 3
while [ "$1" != -o ]; do shift; done
printf fetched > "$2"
turn=0; until [ -e /run/curl-seen ] || [ $turn -ge 600 ]; do sleep 0.1; turn=$((turn + 1)); done
`;
const curlWords = /curl -fsSL .*--config -/;

function makeKey(name: string): string {
  execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", "", "-f", join(folder, name)]);
  return readFileSync(join(folder, name), "utf8");
}

/** The sudoers lines as docs/security.md gives them. */
function documented(): string {
  const page = readFileSync(join(__dirname, "../../docs/security.md"), "utf8");
  return /```sudoers\n([^`]*)```/.exec(page)?.[1] ?? "no lines in the page";
}

async function on(script: string): Promise<string> {
  const { stdout, stderr } = await world.lab.exec("node1", script);
  return stdout + stderr;
}

function program(more: Partial<NodeStateArgs> = {}) {
  return async () => {
    const [node] = world.inventory().nodes;
    if (!node) throw new Error("the lab has no node");
    const { key: _key, ...connection } = node.connection;
    new NodeState("plain", {
      node: "node1",
      owner: "plain",
      windowSeconds: 180,
      connection: { ...connection, user: "admin", become: true, key: { secret: secret(keys.secret) } },
      state: {
        sysctls: { "net.ipv4.ip_forward": "1" },
        files: [{ path: "/etc/podnet-canary", mode: "0600", content: secret(content) }],
        links: [{ type: "bridge", name: "podnet0" }],
        artifacts: [
          { path: "/usr/local/bin/podnet-artifact", localPath: join(folder, "artifact"), sha256: sha256(artifact) },
          {
            path: "/usr/local/bin/podnet-fetched",
            url: secret(`https://files.example/cni?X-Amz-Signature=${signature}`),
            sha256: sha256(Buffer.from("fetched")),
          },
        ],
      },
      ...more,
    });
    new NodeState("root", {
      node: "node1",
      owner: "root",
      windowSeconds: 180,
      connection: { ...connection, key: { environment: "PODNET_CANARY_KEY" } },
      state: { nftables: [{ family: "inet", table: "podnet-root", ruleset: "chain c { }" }] },
    });
  };
}

const sha256 = (bytes: Buffer) => createHash("sha256").update(bytes).digest("hex");

/** Every process's words and environment on this machine and so on its nodes, as often as they can be read. */
function watched(): () => { arguments: string; environments: string } {
  const seen = { arguments: new Set<string>(), environments: new Set<string>() };
  let told = false;
  const look = () => {
    for (const pid of readdirSync("/proc").filter((entry) => /^\d+$/.test(entry))) {
      const words = read(`/proc/${pid}/cmdline`).replaceAll("\0", " ");
      seen.arguments.add(words);
      if (!told && curlWords.test(words)) {
        told = true;
        void on("touch /run/curl-seen");
      }
      // Who was given the variable has it: the command line's own processes. All others must not.
      if (/sshd|sudo|\bsh\b/.test(words)) seen.environments.add(read(`/proc/${pid}/environ`));
    }
  };
  const timer = setInterval(look, 20);
  return () => {
    clearInterval(timer);
    return { arguments: [...seen.arguments].join("\n"), environments: [...seen.environments].join("\n") };
  };
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** Everything that the engine keeps of the stack on disk, but the program's own environment. */
function kept(): string {
  const { workDir } = world.stack.workspace;
  const files = readdirSync(workDir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
  return files.map((file) => read(join(file.parentPath, file.name))).join("\n");
}

describe.sequential("a user with no more than the documented sudoers lines", () => {
  test("and keys, contents and URLs that are secret: they turn up nowhere", async () => {
    world.program.run = program();
    const told: string[] = [];
    const stop = watched();
    const options = {
      onOutput: (text: string) => told.push(text),
      onEvent: (event: object) => told.push(JSON.stringify(event)),
    };
    await world.stack.up(options);
    await world.stack.refresh(options);
    const processes = stop();
    expect(processes.arguments).toContain("sudo -n /bin/sh -s");
    expect(processes.arguments).toMatch(curlWords);
    expect(processes.environments).toContain("SUDO_COMMAND=/bin/sh -s");
    const everything = {
      ...processes,
      told: told.join("\n"),
      state: kept(),
      log: readFileSync(log, "utf8"),
    };
    for (const [where, text] of Object.entries(everything)) {
      expect(text.length, where).toBeGreaterThan(200);
      expect(
        [content, signature, ...canaries].filter((canary) => text.includes(canary)),
        where,
      ).toEqual([]);
    }
  });

  test("has on the node the secret file's content where it belongs, and no key", async () => {
    const holding = async (word: string) =>
      (await on(`cd / && grep -rlsaF -e '${word}' etc home opt root run tmp usr/local var`)).trim().split("\n").sort();
    expect(await holding(content)).toEqual(["etc/podnet-canary", "var/lib/podnet/plain/manifest.json"]);
    expect(await holding(signature)).toEqual(["var/lib/podnet/plain/manifest.json"]);
    for (const canary of canaries) expect(await holding(canary)).toEqual([""]);
    expect(await on("sha256sum < /usr/local/bin/podnet-artifact")).toContain(sha256(artifact));
    expect(await on("find /var/lib/podnet -perm /077")).toBe("");
  });

  test("and a log of every step for a support case, which only its owner reads", async () => {
    const lines = readFileSync(log, "utf8")
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line));
    const steps = lines.filter(({ owner }) => owner === "plain").map(({ step }) => step);
    const once = steps.filter((step, index) => step !== steps[index - 1]);
    expect(once).toEqual(["facts", "plan", "artifact", "change", "confirm", "create", "facts", "read"]);
    const change = lines.find(({ step, owner }) => step === "change" && owner === "plain");
    expect(change).toMatchObject({ node: "node1", outcome: "applied", token: expect.stringMatching(/^[0-9a-f]{16}$/) });
    expect(lines.every(({ milliseconds, time }) => milliseconds >= 0 && !Number.isNaN(Date.parse(time)))).toBe(true);
    expect(statSync(log).mode & 0o777).toBe(0o600);
  });

  test("without these lines is told which are missing, before anything is done", async () => {
    await on("mv /etc/sudoers.d/admin /root/lines");
    world.program.run = program({ state: { sysctls: { "net.ipv4.ip_forward": "0" } } });
    const words = await failure(world.stack.up());
    expect(words).toContain("become is set, and sudo does not let admin run /bin/sh without a password");
    expect(words).toContain(documented().trim().split("\n").at(-1));
    expect(await on("cat /proc/sys/net/ipv4/ip_forward")).toBe("1\n");
    await on("mv /root/lines /etc/sudoers.d/admin");
  });

  test("takes all of it away again", async () => {
    await world.stack.destroy();
    expect(await world.lab.snapshot("node1")).toBe(found);
  });
});
