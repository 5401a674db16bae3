import { Command, Option } from "commander";
import { allowedConnections } from "../../components/policy/reach/connections";
import { diff } from "../../components/policy/reach/diff";
import { evaluate } from "../../components/policy/reach/evaluate";
import { Memory } from "../../components/policy/reach/memory";
import type { Reachability } from "../../components/policy/reach/reachability";
import { type Objects, readObjects } from "../../components/policy/reach/read-objects";
import { readCluster } from "./cluster";
import { readManifests } from "./files";
import { answersOf, chosen } from "./question";
import { connectionsTable, differenceText, graph, lineOf, whyTable } from "./report";

interface ReachOptions {
  why?: string[];
  port?: string;
  diff?: string[];
  failOn?: "opened" | "closed" | "any";
  namespace?: string[];
  context?: string;
  json?: boolean;
  graphviz?: boolean;
}

export function reachCommand(): Command {
  return new Command("reach")
    .description("who reaches whom by the policies of a cluster or of manifests, and which rule decided")
    .argument("[file...]", "manifests or folders of them, - for stdin; without, the cluster of KUBECONFIG by kubectl")
    .addOption(
      new Option(
        "--why <workload...>",
        "why the first of two reaches the second or not: shop/web shop/Deployment/db 10.0.0.1",
      ).conflicts("diff"),
    )
    .option("--port <port>", "with --why: only this port, such as 443, udp/53 or a port's name")
    .option(
      "--diff <before-after...>",
      "the connections that a change from one file or folder to another opens and closes",
    )
    .addOption(
      new Option("--fail-on <change>", "with --diff: exit code 1 when connections are opened or closed").choices([
        "opened",
        "closed",
        "any",
      ]),
    )
    .addOption(
      new Option("--namespace <name...>", "only connections from or to workloads of these namespaces").conflicts([
        "why",
        "diff",
      ]),
    )
    .option("--context <name>", "the kubeconfig's context, without files")
    .addOption(new Option("--json", "print it as JSON").conflicts("graphviz"))
    .addOption(new Option("--graphviz", "print allowed connections for Graphviz' dot").conflicts(["why", "diff"]))
    .action(reach);
}

async function reach(files: string[], options: ReachOptions): Promise<void> {
  if (options.diff) return difference(withoutCluster(files, options), options.diff, options);
  if (options.failOn) throw new Error("--fail-on goes with --diff OLD NEW");
  if (options.port !== undefined && !options.why) throw new Error("--port goes with --why FROM TO");
  // Options that take several words also take files that follow them.
  const [from, to, ...rest] = options.why ?? [];
  if (options.why && to === undefined) throw new Error("--why takes two workloads: --why shop/web shop/db");
  const paths = [...files, ...rest];
  const found = paths.length > 0 ? readManifests(withoutCluster(paths, options)) : await readCluster(options.context);
  const objects = readObjects(found);
  const result = evaluate(objects.world);
  say(objects, result);
  if (from !== undefined && to !== undefined) return explain(result, from, to, options);
  const lines = allowedConnections(result, chosen(result, options.namespace)).map((one) => lineOf(one, result));
  const json = () =>
    JSON.stringify({ allowed: lines, unevaluated: [...objects.unevaluated, ...result.unevaluated] }, null, 2);
  console.log(options.json ? json() : options.graphviz ? graph(lines) : connectionsTable(lines));
}

/** Files are read in the place of a cluster. */
function withoutCluster(files: string[], { context }: ReachOptions): string[] {
  if (context !== undefined)
    throw new Error(`--context ${context} names a cluster, and files are read instead; leave one of the two out`);
  return files;
}

function explain(result: Reachability, from: string, to: string, options: ReachOptions): void {
  const pairs = answersOf(result, from, to, options.port);
  const text = () => pairs.map((one) => `${one.from} → ${one.to}\n${whyTable(one.answers)}`).join("\n\n");
  console.log(options.json ? JSON.stringify(pairs, null, 2) : text());
}

function difference(files: string[], sides: string[], { json, failOn }: ReachOptions): void {
  const [before, after, ...rest] = [...sides, ...files];
  if (before === undefined || after === undefined || rest.length > 0)
    throw new Error("--diff takes two files or folders: --diff OLD NEW");
  const [old, fresh] = [readObjects(readManifests([before])), readObjects(readManifests([after]))];
  const memory = new Memory();
  const then = evaluate(old.world, { memory, beside: fresh.world.policies });
  const now = evaluate(fresh.world, { memory, beside: old.world.policies });
  say(fresh, now);
  const changes = diff(then, now);
  console.log(json ? JSON.stringify(changes, null, 2) : differenceText(changes));
  const { opened, closed } = changes;
  const failing = { opened: opened.length, closed: closed.length, any: opened.length + closed.length };
  if (failOn && failing[failOn] > 0) process.exitCode = 1;
}

/** What could not be known is said on stderr, so that the answer stays readable to programs. */
function say({ unevaluated }: Objects, result: Reachability): void {
  for (const line of [...new Set([...unevaluated, ...result.unevaluated])]) console.error(`! ${line}`);
}
