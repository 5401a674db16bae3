import { stripVTControlCharacters } from "node:util";
import { parseAllDocuments } from "yaml";
import type { KubernetesObject } from "../../../components/policy/reach/world";

/** One step of a case: what was applied, and what cyclonus expects of every pair, by protocol and port. */
export interface Step {
  name: string;
  policies: KubernetesObject[];
  /** "x/a", in the order of the table. */
  pods: string[];
  /** "SCTP/80", in the order of a cell's letters; as asked, where a port has a name. */
  packets: string[];
  /** `allowed[from][to][packet]`. */
  allowed: boolean[][][];
}

const started = /^evaluating test case: (.*)$/;
const stepped = /^step (\d+) on (?:port (\S+), protocol (\S+?)|all available ports\/protocols):$/;

/** Reads what `cyclonus generate --mock --noisy` prints: the steps in their order, with policies and expected tables. */
export function readSteps(output: string): Step[] {
  const lines = stripVTControlCharacters(output).split("\n");
  const steps: Step[] = [];
  let test = "";
  for (const [index, line] of lines.entries()) {
    test = started.exec(line)?.[1] ?? test;
    const step = stepped.exec(line);
    if (!step) continue;
    const end = lines.findIndex((other, at) => at > index && (stepped.test(other) || started.test(other)));
    const part = lines.slice(index + 1, end < 0 ? undefined : end);
    const asked = step[2] && step[3] ? `${step[3]}/${step[2]}` : undefined;
    steps.push({ name: `${test}, step ${step[1]}`, policies: policiesIn(part), ...tableIn(part, asked) });
  }
  return steps;
}

function policiesIn(lines: readonly string[]): KubernetesObject[] {
  const text = lines.join("\n");
  return (
    text
      .split(/^Network policy:$/m)
      .slice(1)
      .map((part) => part.split(/^(?:\d+ wrong|Discrepancy|Network policy|Actual vs)|^\+---/m)[0] ?? "")
      .flatMap((yaml) => parseAllDocuments(yaml).map((document) => document.toJS() as Omit<KubernetesObject, "kind">))
      // Some are printed without their type.
      .map((object) => ({ ...object, apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy" }))
  );
}

function tableIn(lines: readonly string[], asked: string | undefined): Omit<Step, "name" | "policies"> {
  const from = lines.findIndex((line) => line.startsWith("Expected combined:"));
  const table = lines.slice(
    from + 1,
    lines.findIndex((line, at) => at > from + 1 && line.trim() === ""),
  );
  const cells = table
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  const rows = cells.filter(([first]) => /^[a-z0-9-]+\/[a-z]$/.test(first ?? ""));
  const packets = cells.flatMap(([first]) => (/^(TCP|UDP|SCTP)\//.test(first ?? "") ? [first as string] : []));
  return {
    pods: rows.map(([first]) => first as string),
    packets: packets.length > 0 ? packets : [asked ?? ""],
    allowed: rows.map(([, ...row]) => row.map((cell) => cell.split(" ").map((letter) => letter === "."))),
  };
}
