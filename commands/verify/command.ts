import { writeFile } from "node:fs/promises";
import { Command, InvalidArgumentError, Option } from "commander";
import { passed } from "../../components/verification/matrix";
import { probeNetwork } from "../../provider/probing";
import { runOver } from "../../provider/run-on";
import { pool } from "../../provider/ssh/pool";
import { interrupted } from "../interrupted";
import { progress } from "../progress";
import { junitReport } from "./junit";
import { jsonReport, type Probed, textReport } from "./report";
import { type InventoryProbing, type Subject, subjectOfInventory, subjectsOfStack } from "./subjects";

interface VerifyOptions extends InventoryProbing {
  stack?: string;
  inventory?: string[];
  json?: boolean;
  junit?: string;
}

export function verifyCommand(): Command {
  return new Command("verify")
    .description("probe the network from pod to pod and show the matrix; exit code 1 when a probe fails")
    .addOption(
      new Option("--stack <name>", "stack whose networks are probed (default: the selected one)").conflicts(
        "inventory",
      ),
    )
    .option("--inventory <file...>", "probe the nodes of inventory files instead of a stack's")
    .option("--cni-config <path>", "with --inventory: the CNI configuration on the nodes")
    .option("--cni-bin <path>", "with --inventory: folder of the CNI plugins on the nodes (default: /opt/cni/bin)")
    .option("--mtu <bytes>", "with --inventory: the largest packet of a pod (default: what all NICs carry)", bytes)
    .addOption(
      new Option("--families <family...>", "with --inventory: address families of pods (default: ipv4)").choices([
        "ipv4",
        "ipv6",
      ]),
    )
    .option("--json", "print every probe as JSON")
    .option("--junit <file>", "also write a JUnit report")
    .action(verify);
}

async function verify(options: VerifyOptions): Promise<void> {
  const subjects = options.inventory
    ? [subjectOfInventory(options.inventory, options)]
    : await subjectsOfStack(options.stack);
  const probed: Probed[] = [];
  for (const subject of subjects) probed.push(await probe(subject));

  console.log(options.json ? jsonReport(probed) : probed.map(textReport).join("\n\n"));
  if (options.junit) await writeFile(options.junit, junitReport(probed));
  if (!probed.every(({ settings, verdict }) => passed(verdict, settings))) process.exitCode = 1;
}

async function probe({ settings, hostKeys }: Subject): Promise<Probed> {
  const shown = progress(settings.nodes.length);
  const verdict = await probeNetwork(settings, runOver(pool, hostKeys), {
    signal: interrupted(),
    progress: (phase, node) => {
      if (phase === "probed") shown.done(node, phase);
    },
  });
  shown.end();
  return { settings, verdict };
}

function bytes(text: string): number {
  const number = Number(text);
  if (!Number.isInteger(number)) throw new InvalidArgumentError("a number of bytes, such as 1500");
  return number;
}
