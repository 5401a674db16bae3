import { audit } from "../components/flow-audit/audit";
import { auditScript, type NodeAnswer, parseAudit } from "../components/flow-audit/conntrack";
import { flowAuditSettings } from "../components/flow-audit/settings";
import { printable } from "../components/node/printable";
import { checked } from "./checking";
import { words } from "./node-reach";
import { propertyDiff } from "./property-diff";
import { type Context, type Properties, type ResourceHandler, unknown } from "./resource";
import { runOver } from "./run-on";
import { pool } from "./ssh/pool";
import type { SessionPool } from "./ssh/session";

/** Live connections that a policy baseline would cut. */
export function flowAudit(sessions: SessionPool): ResourceHandler {
  const read = async (wanted: Properties, previous: Properties, context: Context): Promise<Properties> => {
    if (context.preview) return { ...previous, cut: unknown, summary: unknown, unread: unknown };
    const { nodes, kubeletConfig, baseline, limit } = flowAuditSettings.parse(wanted);
    const hostKeys = { ...(previous.hostKeys as Record<string, string> | undefined) };
    const run = runOver(sessions, hostKeys);
    const script = auditScript(kubeletConfig);
    const answers: NodeAnswer[] = [];
    const unread: string[] = [];
    await Promise.all(
      nodes.map(async (node) => {
        try {
          answers.push(parseAudit(await run(node, script, { timeoutSeconds: 60, signal: context.signal })));
        } catch (error) {
          unread.push(`${node.name}: ${printable(words(error), 300)}`);
        }
        context.status(`connections read on ${answers.length} of ${nodes.length} nodes`);
      }),
    );
    const { cut, summary } = audit(baseline, answers, limit);
    context.status(summary);
    if (unread.length > 0) context.log("warning", `connections could not be read on ${unread.sort().join("; ")}`);
    if (cut.length > 0) context.log("warning", [`${summary}:`, ...cut].join("\n"));
    return { cut, summary, unread, ...(Object.keys(hostKeys).length > 0 && { hostKeys }) };
  };

  return {
    check: checked(flowAuditSettings),

    /** How a node is reached changes nothing that is read. */
    diff(previousInputs, _previousOutputs, wanted) {
      const [before, after] = [withoutConnections(previousInputs), withoutConnections(wanted)];
      const names = Object.keys(flowAuditSettings.shape);
      return Object.assign({}, ...names.map((name) => propertyDiff(before[name], after[name], name)));
    },

    async create(wanted, context) {
      return { id: String(wanted.name), outputs: await read(wanted, {}, context) };
    },

    async update(_id, _previousInputs, previousOutputs, wanted, context) {
      return { outputs: await read(wanted, previousOutputs, context) };
    },

    async read(id, inputs, outputs, context) {
      return { id, inputs, outputs: await read(inputs, outputs, { ...context, preview: false }) };
    },

    /** Nothing of it is on the nodes. */
    async delete() {},
  };
}

export const flowAuditHandler: ResourceHandler = flowAudit(pool);

function withoutConnections(inputs: Properties): Properties {
  if (!Array.isArray(inputs.nodes)) return inputs;
  return { ...inputs, nodes: inputs.nodes.map(({ connection: _connection, ...rest }: Properties) => rest) };
}
