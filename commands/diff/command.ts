import { writeFile } from "node:fs/promises";
import { Command, Option } from "commander";
import type { ChangeClass } from "../../components/change";
import { isAtLeast } from "../../components/change-words";
import { readManifests } from "../reach/files";
import { review } from "./decide";
import { readDigest } from "./digest";
import { markdownReport } from "./markdown";
import { readPreview } from "./preview";
import type { Review } from "./review";
import { textReport } from "./text";

interface DiffOptions {
  stack?: string;
  cluster?: string[];
  format: keyof typeof formats;
  report?: string;
  failOn: ChangeClass;
}

const formats = {
  text: textReport,
  markdown: (found: Review) => markdownReport(found).trimEnd(),
  json: (found: Review) => JSON.stringify(found, undefined, 2),
};

export function diffCommand(): Command {
  return new Command("diff")
    .description("say what a preview would do to packets; exit code 1 when it is as dangerous as --fail-on")
    .argument("[file]", "what `pulumi preview --json` printed, or - for the standard input (default: runs it)")
    .option("--stack <name>", "stack to preview (default: the selected one)")
    .option("--cluster <file...>", "manifests of the cluster's workloads and namespaces, which policies decide over")
    .addOption(
      new Option("--format <format>", "for a terminal, a pull request, or a program")
        .choices(Object.keys(formats))
        .default("text"),
    )
    .option("--report <file>", "also write the whole report as Markdown, however long")
    .addOption(
      new Option("--fail-on <class>", "the least danger that ends with exit code 1")
        .choices(["rolling", "disruptive", "refused"])
        .default("refused"),
    )
    .action(diff);
}

async function diff(file: string | undefined, { stack, cluster, format, report, failOn }: DiffOptions): Promise<void> {
  const found = review(readDigest(await readPreview(file, stack)), cluster ? readManifests(cluster) : []);
  console.log(formats[format](found));
  if (report) await writeFile(report, markdownReport(found, { whole: true }));
  if (isAtLeast(found.verdict, failOn)) process.exitCode = 1;
}
