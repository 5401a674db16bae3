import type { Connection } from "../../components/node/connection";
import type { RunOn } from "../../provider/run-on";
import { parseFacts } from "./facts";
import { factsScript } from "./facts-script";
import { blocking, type ExpectedNode, type Finding } from "./finding";
import { findings } from "./findings";
import { ownershipFindings } from "./ownership";

/** A node to look at. */
export interface Patient extends ExpectedNode {
  connection: Connection;
}

/** Looks at every node, all at once, and changes nothing. A node that cannot be reached has that as its finding. */
export async function examine(
  nodes: Patient[],
  pluginDirectory: string,
  run: RunOn,
  done: (node: string) => void,
  signal?: AbortSignal,
): Promise<Map<string, Finding[]>> {
  const script = factsScript(pluginDirectory);
  const results = await Promise.all(
    nodes.map(async (node): Promise<[string, Finding[]]> => {
      const found = await look(node, script, run, signal);
      done(node.name);
      return [node.name, found];
    }),
  );
  return new Map(results);
}

async function look(node: Patient, script: string, run: RunOn, signal: AbortSignal | undefined): Promise<Finding[]> {
  const { host, port, user } = node.connection;
  try {
    const before = Date.now();
    const result = await run(node, script, { timeoutSeconds: 30, signal });
    const facts = parseFacts(result.stdout);
    // The clock is read somewhere between sending and answering; the middle is off by half of that at most.
    if (facts) {
      const found = findings(facts, node, (before + Date.now()) / 2000);
      const more = (question: string) => run(node, question, { timeoutSeconds: 60, signal });
      return [...found, ...(await ownershipFindings(facts.owners, more))];
    }
    const why = result.stderr.trim().split("\n")[0] || `exit code ${result.code}`;
    const wayOut = node.become
      ? "allow this user passwordless sudo (NOPASSWD)"
      : "the login shell must run /bin/sh scripts";
    return [blocking(`scripts do not run to their end: ${why}`, wayOut)];
  } catch (error) {
    signal?.throwIfAborted();
    return [blocking(`no access: ${(error as Error).message}`, `see what ssh -v -p ${port} ${user}@${host} says`)];
  }
}
