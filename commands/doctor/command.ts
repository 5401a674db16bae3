import { Command, Option } from "commander";
import { runOver } from "../../provider/run-on";
import { pool } from "../../provider/ssh/pool";
import { interrupted } from "../interrupted";
import { readInventories } from "../inventory";
import { progress } from "../progress";
import { stackResources } from "../stack/export";
import { subjectsOfStack } from "../verify/subjects";
import { examine, type Patient } from "./examine";
import { recordedNodes } from "./recorded";
import { isBlocked, jsonReport, names as listed, textReport } from "./report";

interface DoctorOptions {
  stack?: string;
  inventory?: string[];
  cniBin?: string;
  json?: boolean;
}

export function doctorCommand(): Command {
  return new Command("doctor")
    .description("tell what each node lacks and what is in the way, read only; exit code 1 when podnet cannot work")
    .addOption(
      new Option("--stack <name>", "stack whose nodes are looked at (default: the selected one)").conflicts(
        "inventory",
      ),
    )
    .option("--inventory <file...>", "look at the nodes of inventory files instead of a stack's")
    .option("--cni-bin <path>", "folder of the CNI plugins on the nodes (default: the stack's, or /opt/cni/bin)")
    .option("--json", "print all findings as JSON")
    .argument("[node...]", "look at these nodes only, by their names in the inventory")
    .action(doctor);
}

async function doctor(only: string[], options: DoctorOptions): Promise<void> {
  const {
    nodes: all,
    hostKeys,
    pluginDirectory,
  } = options.inventory
    ? { nodes: fromInventories(options.inventory), hostKeys: {}, pluginDirectory: undefined }
    : await fromStack(options.stack);
  const nodes = only.length > 0 ? chosen(all, only) : all;
  const shown = progress(nodes.length);
  const perNode = await examine(
    nodes,
    options.cniBin ?? pluginDirectory ?? "/opt/cni/bin",
    runOver(pool, hostKeys),
    (node) => shown.done(node, "examined"),
    interrupted(),
  );
  shown.end();
  console.log(options.json ? jsonReport(perNode) : textReport(perNode, process.stdout.columns ?? 120));
  if ([...perNode.values()].some(isBlocked)) process.exitCode = 1;
}

function chosen(nodes: Patient[], names: string[]): Patient[] {
  const unknown = names.filter((name) => !nodes.some((node) => node.name === name));
  if (unknown.length === 0) return nodes.filter(({ name }) => names.includes(name));
  throw new Error(`there is no node ${unknown.join(", ")}; there are ${listed(nodes.map(({ name }) => name))}`);
}

function fromInventories(files: string[]): Patient[] {
  return readInventories(files).map((node) => ({ ...node, become: node.connection.become }));
}

/** A stack's networks may share nodes: each is looked at once. */
async function fromStack(stack: string | undefined) {
  const subjects = await subjectsOfStack(stack);
  const recorded = recordedNodes(await stackResources(stack, "podnet:index:NetworkRecord"));
  const nodes = subjects.flatMap(({ settings }) => settings.nodes);
  const unique: Patient[] = [
    ...new Map(
      nodes.map((node) => [node.name, { ...node, ...recorded.get(node.name), become: node.connection.become }]),
    ).values(),
  ];
  const hostKeys: Record<string, string> = Object.assign({}, ...subjects.map((subject) => subject.hostKeys));
  return { nodes: unique, hostKeys, pluginDirectory: subjects[0]?.settings.cni.binaryDirectory };
}
