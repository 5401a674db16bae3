import { failureLines } from "../components/verification/failures";
import { type Matrix, matrix, passed } from "../components/verification/matrix";
import { type VerificationSettings, verificationSettings } from "../components/verification/settings";
import { checked, completed } from "./checking";
import { probeNetwork } from "./probing";
import { propertyDiff } from "./property-diff";
import {
  type Context,
  PartialFailure,
  type Properties,
  type PropertyDiff,
  type ResourceHandler,
  unknown,
} from "./resource";
import { runOver } from "./run-on";
import { pool } from "./ssh/pool";
import type { SessionPool } from "./ssh/session";

/** Proof that a network carries traffic, by packets, whenever what it depends on changes. */
export function verification(sessions: SessionPool): ResourceHandler {
  const prove = async (wanted: Properties, previousOutputs: Properties, context: Context) => {
    if (context.preview) return { ...previousOutputs, matrix: unknown, passed: unknown };
    const settings = verificationSettings.parse(wanted);
    const hostKeys = { ...(previousOutputs.hostKeys as Record<string, string> | undefined) };
    const verdict = await probeNetwork(settings, runOver(sessions, hostKeys), {
      signal: context.signal,
      progress: countNodes(settings, context),
    });
    for (const { node, text } of verdict.complaints) context.log("warning", `${node}, removing its probe pod: ${text}`);
    const outputs: Properties = {
      matrix: matrix(verdict, settings),
      passed: passed(verdict, settings),
      ...(Object.keys(hostKeys).length > 0 && { hostKeys }),
    };
    context.status((outputs.matrix as Matrix).summary);
    if (outputs.passed) return outputs;
    const reasons = failureLines(verdict, settings.mtu);
    if (settings.failOn === "any") throw new PartialFailure(settings.network, outputs, reasons);
    context.log("warning", reasons.join("\n"));
    return outputs;
  };

  return {
    check: checked(verificationSettings),

    diff(previousInputs, previousOutputs, wanted) {
      const [old, next] = completed(verificationSettings, previousInputs, wanted);
      const [before, after] = [asked(old), asked(next)];
      const changes: PropertyDiff = Object.assign(
        {},
        ...[...new Set([...Object.keys(before), ...Object.keys(after)])].map((name) =>
          propertyDiff(before[name], after[name], name),
        ),
      );
      if (changes.network) changes.network = "replace";
      // A refresh forgets that the last run failed; the network is not proven all the same.
      if (previousOutputs.passed === false && wanted.failOn !== "none") changes.passed = "update";
      return changes;
    },

    async create(wanted, context) {
      return { id: String(wanted.network), outputs: await prove(wanted, {}, context) };
    },

    async update(_id, _previousInputs, previousOutputs, wanted, context) {
      return { outputs: await prove(wanted, previousOutputs, context) };
    },

    /** What was proven last: a refresh sends no probes. */
    async read(id, inputs, outputs) {
      return { id, inputs, outputs };
    },

    /** Nothing of it is on the nodes once probing has ended. */
    async delete() {},
  };
}

export const verificationHandler: ResourceHandler = verification(pool);

/** How a node is reached, and how long it is waited for, proves nothing about the network: neither has it probed again. */
function asked({ settleSeconds: _settleSeconds, ...inputs }: Properties): Properties {
  if (!Array.isArray(inputs.nodes)) return inputs;
  const nodes = inputs.nodes.map((node: Properties) => {
    const { connection: _connection, ...rest } = node;
    return rest;
  });
  return { ...inputs, nodes };
}

function countNodes(settings: VerificationSettings, context: Context) {
  const done = { attached: 0, probed: 0, removed: 0 };
  const words = { attached: "probe pods attached", probed: "nodes probed", removed: "probe pods removed" };
  return (phase: keyof typeof done) => {
    done[phase] += 1;
    context.status(`${words[phase]}: ${done[phase]} of ${settings.nodes.length}`);
  };
}
