import { spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { access, chmod, chown, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Boot, bootScript, ports, superviseScript } from "./boot";
import { folderModes, type NodeFile, nodeFiles } from "./node-files";
import { killAllOf, liveProcess } from "./processes";
import { must } from "./shell";
import { nodeFolder } from "./state";
import type { PlacedNode } from "./topology";
import type { Underlay } from "./underlay";

const hostKey = "etc/ssh/ssh_host_ed25519_key";

/**
 * Writes the files that make new nodes, with one host key each. A node that was prepared whole is left as it is.
 *
 * @param further what a node has besides the files that all have
 */
export async function prepareNodes(
  underlay: Underlay,
  nodes: PlacedNode[],
  publicKey: string,
  further: (node: PlacedNode) => Promise<NodeFile[]>,
): Promise<void> {
  const fresh: string[] = [];
  for (const node of nodes) {
    const folder = nodeFolder(underlay.name, node.name);
    if (await exists(join(folder, "prepared"))) continue;
    await rm(folder, { recursive: true, force: true });
    const upper = join(folder, "upper");
    await mkdir(join(upper, "etc/ssh"), { recursive: true });
    const files = [...nodeFiles(underlay, node, publicKey), ...(await further(node))];
    for (const { path, text, mode = 0o644, owner = 0 } of files) {
      await mkdir(dirname(join(upper, path)), { recursive: true });
      await writeFile(join(upper, path), text, { mode });
      await chown(join(upper, path), owner, owner);
    }
    for (const [path, { mode, owner = 0 }] of Object.entries(folderModes)) {
      await chmod(join(upper, path), mode);
      await chown(join(upper, path), owner, owner);
    }
    fresh.push(folder);
  }
  if (fresh.length === 0) return;
  await must(
    "make the nodes' host keys",
    `set -eu
while read -r folder; do
  ssh-keygen -q -t ed25519 -N '' -C '' -f "$folder/upper/${hostKey}"
  : > "$folder/prepared"
done <<'END'
${fresh.join("\n")}
END
`,
    { timeoutSeconds: 300 },
  );
}

/** The node's host key as a known_hosts line has it: type and key. */
export async function hostKeyOf(lab: string, node: string): Promise<string> {
  return (await readFile(join(nodeFolder(lab, node), "upper", `${hostKey}.pub`), "utf8")).trim();
}

/** Is a machine of the lab started, and its supervisor with it? */
export async function isMachineRunning(folder: string): Promise<boolean> {
  const [supervisor, first] = await Promise.all([
    liveProcess(join(folder, "supervisor")),
    liveProcess(join(folder, "process")),
  ]);
  return supervisor !== undefined && first !== undefined;
}

export const isRunning = (lab: string, node: string) => isMachineRunning(nodeFolder(lab, node));

/** Starts the supervisor of a node that is stopped; it outlives this process. */
export async function startNode(underlay: Underlay, node: PlacedNode, boot: Boot): Promise<void> {
  const folder = nodeFolder(underlay.name, node.name);
  const script = bootScript(underlay, node, folder, boot);
  await startMachine(folder, superviseScript(underlay, node.name, ports(node), folder), script);
}

/** Starts a machine of the lab that is stopped. */
export async function startMachine(folder: string, supervise: string, boot: string): Promise<void> {
  await writeFile(join(folder, "supervise.sh"), supervise);
  await writeFile(join(folder, "boot.sh"), boot);
  const log = openSync(join(folder, "console.log"), "a");
  spawn("/bin/sh", [join(folder, "supervise.sh")], {
    detached: true,
    stdio: ["ignore", log, log],
    cwd: "/",
    env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8" },
  }).unref();
  closeSync(log);
}

/** Stops nodes, or what is left of them. Their files stay. */
export async function stopNodes(lab: string, nodes: readonly string[]): Promise<void> {
  await stopMachines(nodes.map((node) => nodeFolder(lab, node)));
}

/** Stops machines of the lab, or what is left of them. */
export async function stopMachines(folders: readonly string[]): Promise<void> {
  await killAllOf(folders);
  for (const folder of folders) {
    await Promise.all([rm(join(folder, "supervisor"), { force: true }), rm(join(folder, "process"), { force: true })]);
  }
}

const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );
