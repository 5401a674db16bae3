import { spawn } from "node:child_process";
import { once } from "node:events";
import Table from "cli-table3";
import { Command, InvalidArgumentError, Option } from "commander";
import { down, type Lab, labNames, type NodeKind, open, up } from "../../lab";
import { progress } from "../progress";
import { nodeRequests } from "./requests";

interface Named {
  name: string;
}

export function labCommand(): Command {
  const name = () => new Option("--name <name>", "name of the lab").default("lab");
  const lab = new Command("lab").description("real nodes on this machine to try networks on; needs Linux and root");
  lab
    .command("up")
    .description("bring the lab up: make what is missing, repair what is half made, start what is off")
    .addOption(name())
    .option("--nodes <count>", "number of nodes, the last third behind a router (default: as it is, or 3)", positive)
    .addOption(
      new Option("--kind <kind>", "full boots systemd, light has sshd only (default: full up to 8 nodes)").choices([
        "full",
        "light",
      ]),
    )
    .option("--kubernetes", "full nodes are those of a Kubernetes cluster, without a pod network")
    .action(bringUp);
  lab
    .command("down")
    .description("remove every trace of the lab")
    .addOption(name())
    .action(async (options: Named) => {
      await down(options.name);
      console.log(`lab ${options.name} is gone`);
    });
  lab.command("status").description("show the labs of this machine and their nodes").action(status);
  lab.command("shell <node>").description("open a shell on a node, over SSH").addOption(name()).action(shell);
  lab
    .command("kubectl")
    .description("run kubectl as the admin of the lab's cluster: podnet lab kubectl -- get nodes")
    .argument("<words...>")
    .addOption(name())
    .action(kubectl);
  return lab;
}

async function bringUp(options: Named & { nodes?: number; kind?: NodeKind; kubernetes?: true }): Promise<void> {
  if (options.kind && options.nodes === undefined) throw new Error("--kind needs --nodes, the number of nodes to make");
  if (options.kind === "light" && options.kubernetes)
    throw new Error("--kind light has no systemd that could run a kubelet; leave it out with --kubernetes");
  const kind = options.kind ?? (options.kubernetes ? "full" : undefined);
  let shown: ReturnType<typeof progress> | undefined;
  const lab = await up({
    name: options.name,
    nodes: options.nodes === undefined ? undefined : nodeRequests(options.nodes, kind),
    kubernetes: options.kubernetes,
    onProgress: ({ node, stage, total }) => {
      if (stage === "image") console.error("making the nodes' root file system, once for this machine");
      shown ??= progress(total);
      if (node && stage === "ready") shown.done(node, "ready");
    },
  });
  shown?.end();
  const count = lab.nodes.length === 1 ? "1 node" : `${lab.nodes.length} nodes`;
  console.log(`lab ${lab.name}: ${count}, inventory ${lab.inventoryFile}`);
  if (lab.kubeconfigFile) console.log(`Kubernetes cluster, kubeconfig ${lab.kubeconfigFile}`);
}

async function status(): Promise<void> {
  const labs = await Promise.all((await labNames()).map((name) => open(name)));
  if (labs.length === 0) console.log("there is no lab on this machine; podnet lab up makes one");
  for (const lab of labs) console.log(`${await nodeTable(lab)}\nlab ${lab.name}, inventory ${lab.inventoryFile}`);
}

async function nodeTable(lab: Lab): Promise<string> {
  const table = new Table({
    head: ["node", "kind", "segment", "IPv4", "IPv6", "state"],
    style: { head: [], border: [], compact: true },
  });
  const rows = lab.nodes.map(async (node) => {
    const runs = await lab.exec(node.name, "true", 5).then(
      ({ code }) => code === 0,
      () => false,
    );
    return [node.name, node.kind, node.segment, node.addresses.ipv4, node.addresses.ipv6, runs ? "running" : "off"];
  });
  table.push(...(await Promise.all(rows)));
  return table.toString();
}

async function kubectl(words: string[], options: Named): Promise<void> {
  await hand((await open(options.name)).kubectlCommand(words));
}

async function shell(node: string, options: Named): Promise<void> {
  const lab = await open(options.name);
  const known = lab.nodes.map(({ name }) => name);
  if (!known.includes(node)) throw new Error(`lab ${lab.name} has no node "${node}": it has ${known.join(", ")}`);
  await hand(["ssh", "-F", `${lab.folder}/ssh_config`, node]);
}

/** Gives this process's terminal to a command, and ends as it does. */
async function hand([command = "", ...words]: string[]): Promise<void> {
  const [code] = (await once(spawn(command, words, { stdio: "inherit" }), "exit")) as [number | null];
  process.exitCode = code ?? 1;
}

function positive(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number) || number < 1) throw new InvalidArgumentError("a number of nodes, such as 3");
  return number;
}
