import { readFile, writeFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { Command } from "commander";
import { readManifests } from "../reach/files";
import { exported, refuseStack } from "../stack/export";
import { page } from "./page/page";
import { png } from "./picture";
import { readProbes } from "./probes";
import { reportOf } from "./report";

interface ReportOptions {
  stack?: string;
  cluster?: string[];
  probes?: string;
  out: string;
  png?: string;
}

export function reportCommand(): Command {
  return new Command("report")
    .description("a stack as one HTML file: topology, probes, who reaches whom, what the last update changed")
    .argument("[file]", "what `pulumi stack export` printed, or - for the standard input (default: runs it)")
    .option("--stack <name>", "stack to report on (default: the selected one)")
    .option("--cluster <file...>", "manifests of the cluster's workloads and namespaces, which policies decide over")
    .option("--probes <file>", "what `podnet verify --json` printed: every probe, of large networks too")
    .option("--out <file>", "where the page is written", "report.html")
    .option("--png <file>", "also a picture of the first network's topology")
    .action(report);
}

async function report(file: string | undefined, { stack, cluster, probes, out, png: picture }: ReportOptions) {
  const state = await readState(file, stack);
  const answers = probes === undefined ? undefined : readProbes(await readFile(probes, "utf8"));
  const found = reportOf(state, cluster && readManifests(cluster), answers);
  await writeFile(out, page(found));
  const [first] = found.networks;
  if (picture !== undefined && !first) throw new Error("--png draws a network, and the stack has none");
  if (picture !== undefined && first) await writeFile(picture, await png(first));
  console.log([out, picture].filter((path) => path !== undefined).join("\n"));
}

/** A state's text: of a file, of the standard input ("-"), or of `pulumi stack export`, run here. */
async function readState(file: string | undefined, stack: string | undefined): Promise<string> {
  if (file !== undefined) refuseStack(file, stack);
  if (file === "-") return text(process.stdin);
  return file === undefined ? exported(stack) : readFile(file, "utf8");
}
