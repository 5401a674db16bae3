import type { Step } from "./item";
import { kinds } from "./kinds";
import { plainMode } from "./kinds/directory";
import type { Operation, RenderContext } from "./kinds/kind";
import { quote } from "./quote";

/** The work of some steps as shell lines: one process for each run of lines of one tool. */
export function stepLines(steps: Step[], context: RenderContext, mode: BatchMode): string[] {
  return batch(
    steps.flatMap((step) => kinds[step.kind].render(step, context)),
    mode,
  );
}

/**
 * strict: the first failure ends the work. tolerant: everything is tried, failures are noted. undo: as tolerant, and
 * what did not reach the disk is kept to be tried again.
 */
export type BatchMode = "strict" | "tolerant" | "undo";

function batch(operations: Operation[], mode: BatchMode): string[] {
  return runs(operations, mode).map(({ tool, lines, label, disk }) => {
    const verdict = mode === "strict" ? "failed" : mode === "undo" && disk ? "keep" : "note";
    return `${command(tool, lines, mode)} || ${verdict} ${quote(label ?? (lines.length > 1 ? tool : lines.join()))}`;
  });
}

function command(tool: Operation["tool"], lines: string[], mode: BatchMode): string {
  const text = lines.join("\n");
  const force = mode === "strict" ? "" : "-force ";
  switch (tool) {
    case "ip":
      return `printf '%s\\n' ${quote(text)} | ip ${force}-batch -`;
    case "ip6":
      return `printf '%s\\n' ${quote(text)} | ip -6 ${force}-batch -`;
    case "bridge":
      return `printf '%s\\n' ${quote(text)} | bridge ${force}-batch -`;
    case "nft":
      return `printf '%s\\n' ${quote(text)} | nft -f -`;
    case "mkdir":
      return `mkdir -p -m ${plainMode} ${lines.join(" ")}`;
    case "ovs-vsctl":
      return transaction(lines, mode);
    case "sh":
      return `{ ${text}; }`;
  }
}

/**
 * A device that cannot be had ends in the database as an error of its interface, and ovs-vsctl says so and succeeds. It
 * waits until the switch has followed, which one in user space on a busy machine may need long for; an undo has more to
 * try, and goes on.
 */
function transaction(lines: string[], mode: BatchMode): string {
  const run = `ovs-vsctl --timeout=${mode === "strict" ? 30 : 10} ${lines.join(" ")}`;
  if (mode !== "strict") return run;
  return `{ said=$(${run} 2>&1) && case $said in *"Error detected"*) false ;; esac || { echo "$said"; false; }; }`;
}

const transactional: Operation["tool"][] = ["nft", "ovs-vsctl"];

interface Run extends Omit<Operation, "line"> {
  lines: string[];
}

/**
 * Shell lines stay alone, so that a failure names the one that failed. A transaction, also that of nft, is made whole or
 * not at all: where everything is to be tried, each line is one of its own.
 */
function runs(operations: Operation[], mode: BatchMode): Run[] {
  const result: Run[] = [];
  for (const { line, ...operation } of operations) {
    const { tool } = operation;
    const last = result.at(-1);
    if (last && last.tool === tool && tool !== "sh" && (mode === "strict" || !transactional.includes(tool))) {
      last.lines.push(line);
      if (operation.label) last.label = `${last.label}, ${operation.label}`;
    } else result.push({ ...operation, lines: [line] });
  }
  return result;
}
