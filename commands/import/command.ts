import { Command } from "commander";
import { factsScript, noQuestions } from "../../components/node/facts-script";
import { importId } from "../../components/node/import-id";
import { parseManifest } from "../../components/node/manifest";
import { parseFacts } from "../../components/node/parse-facts";
import { runOver } from "../../provider/run-on";
import { pool } from "../../provider/ssh/pool";
import { interrupted } from "../interrupted";
import { type ListedNode, readInventories } from "../inventory";
import { progress } from "../progress";
import { type Found, importDocument } from "./document";

interface ImportOptions {
  inventory: string[];
  type: string;
}

export function importCommand(): Command {
  return new Command("import")
    .description("print what pulumi import --file takes for a network whose state is lost, read from its nodes")
    .argument("<network>", "the network's name, the owner of what stands on its nodes")
    .requiredOption("--inventory <file...>", "the inventory files that list its nodes")
    .option("--type <component>", "the network's component", "BridgeNetwork")
    .action(collect);
}

/** A node that does not answer ends it: its subnet would be given to another. */
async function collect(network: string, { inventory, type }: ImportOptions): Promise<void> {
  const nodes = readInventories(inventory);
  const shown = progress(nodes.length);
  const signal = interrupted();
  const answers = await Promise.allSettled(
    nodes.map(async (node) => {
      const found = await find(node, network, signal);
      shown.done(node.name, found ? "read" : `keeps nothing of ${network}`);
      return found;
    }),
  );
  shown.end();
  signal.throwIfAborted();
  const failed = answers.flatMap((answer, index) =>
    answer.status === "rejected" ? [`${nodes[index]?.name}: ${(answer.reason as Error).message}`] : [],
  );
  if (failed.length > 0)
    throw new Error(`${failed.join("\n")}\nTake a node out of the inventory only when it is gone for good.`);
  const found = answers.flatMap((answer) => (answer.status === "fulfilled" && answer.value ? [answer.value] : []));
  if (found.length === 0) throw new Error(`no node keeps anything of ${network}; podnet doctor shows what they keep`);
  console.log(JSON.stringify(importDocument(network, type, found), null, 2));
}

async function find(node: ListedNode, network: string, signal: AbortSignal): Promise<Found | undefined> {
  const written = importId(node.connection, network);
  if ("problem" in written) throw new Error(written.problem);
  const script = factsScript(network, noQuestions);
  const { stdout } = await runOver(pool, {})(node, script, { timeoutSeconds: 60, signal });
  const manifest = parseManifest(parseFacts(stdout).manifest, network);
  return manifest && { node: node.name, id: written.id, state: manifest.state };
}
