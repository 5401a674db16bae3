import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { printable } from "../components/node/printable";
import { parseConflist } from "../components/verification/conflist";
import { attachScript, parseAttach, pluginFailed } from "../components/verification/phases/attach";
import { detachScript, parseComplaints, parseDetach } from "../components/verification/phases/detach";
import { lookScript, parseLook } from "../components/verification/phases/look";
import type { Answer } from "../components/verification/phases/probe";
import { parseProbe, probeScript } from "../components/verification/phases/probe";
import {
  judge,
  type Planned,
  type PodAddresses,
  planProbes,
  sharedAddresses,
  type Verdict,
} from "../components/verification/probes";
import type { ProbedNode, VerificationSettings } from "../components/verification/settings";
import type { RunOn } from "./run-on";

export interface ProbingOptions {
  signal?: AbortSignal;
  /**
   * Seconds until a node takes its probe pod away by itself.
   * @default 120 and one for each node, since nodes wait for each other, and twice what the network may take to settle
   */
  guardSeconds?: number;
  /** Called when a node is done with a phase. */
  progress?(phase: "attached" | "probed" | "removed", node: string): void;
}

/**
 * How long a node's plugins are asked again at least that could not attach the probe pod, as kubelet does: on a node that
 * has just joined, the network may still be writing what they need.
 */
const patienceSeconds = 15;

/**
 * Attaches a probe pod on each node, lets them probe each other, and takes them away again, also after Ctrl-C.
 * What goes wrong on one node is that node's result; the others are probed all the same.
 */
export async function probeNetwork(
  settings: VerificationSettings,
  run: RunOn<ProbedNode>,
  options: ProbingOptions = {},
): Promise<Verdict> {
  // Another one for each node: a DHCP server gives one address to all that come by the same name.
  const tokens = new Map(settings.nodes.map(({ name }) => [name, randomBytes(4).toString("hex")]));
  const tokenOf = ({ name }: ProbedNode) => tokens.get(name) as string;
  const { settleSeconds } = settings;
  const { signal, guardSeconds = 120 + settings.nodes.length + 2 * settleSeconds } = options;
  const unprobed = new Map<string, string>();
  const pods: PodAddresses = new Map();
  const seen = new Map<string, string[]>();
  const complaints: Verdict["complaints"] = [];

  /** One phase on all these nodes; a node that fails drops out with its reason. */
  const everywhere = async (nodes: ProbedNode[], phase: (node: ProbedNode) => Promise<void>) => {
    await Promise.all(
      nodes.map((node) =>
        phase(node).catch((error: Error) => {
          if (!unprobed.has(node.name)) unprobed.set(node.name, printable(error.message));
        }),
      ),
    );
  };
  const started: ProbedNode[] = [];
  const answers = new Map<string, [Planned[], Answer[]]>();
  try {
    await everywhere(settings.nodes, async (node) => {
      const look = await run(node, lookScript(settings), { timeoutSeconds: 30 + settleSeconds, signal });
      const plugins = parseConflist(parseLook(look, settings), settings.cni.configFile);
      started.push(node);
      const script = attachScript(settings, plugins, tokenOf(node), guardSeconds);
      // Not cut short by Ctrl-C: what is half attached cannot be removed.
      const attach = () => run(node, script, { timeoutSeconds: 60 });
      const until = performance.now() + Math.max(patienceSeconds, settleSeconds) * 1000;
      let result = await attach();
      while (pluginFailed(result) && performance.now() < until && !signal?.aborted) {
        await sleep(1000);
        result = await attach();
      }
      pods.set(node.name, parseAttach(result, settings.families));
      options.progress?.("attached", node.name);
    });
    signal?.throwIfAborted();
    for (const { node, reason } of sharedAddresses(pods)) {
      unprobed.set(node, reason);
      pods.delete(node);
    }
    const plan = planProbes(settings, pods);
    await everywhere(
      settings.nodes.filter((node) => pods.has(node.name)),
      async (node) => {
        const planned = plan.get(node.name) ?? [];
        const questions = planned.map((entry) => entry.question);
        const script = probeScript(questions, tokenOf(node), settleSeconds);
        const timeoutSeconds = 30 + questions.length / 4 + settleSeconds;
        const result = await run(node, script, { timeoutSeconds, signal });
        answers.set(node.name, [planned, parseProbe(result, questions).map(legible)]);
        options.progress?.("probed", node.name);
      },
    );
    signal?.throwIfAborted();
  } finally {
    // Without the signal: after Ctrl-C the probe pods still go, as far as the connections bear it.
    await everywhere(started, async (node) => {
      const result = await run(node, detachScript(tokenOf(node)), { timeoutSeconds: 60 });
      const text = parseComplaints(result);
      if (text) complaints.push({ node: node.name, text: printable(text) });
      if (pods.has(node.name)) seen.set(node.name, parseDetach(result.stdout));
      options.progress?.("removed", node.name);
    });
  }
  return {
    network: settings.network,
    nodes: settings.nodes.map((node) => node.name),
    probes: settings.nodes.flatMap(({ name }) => {
      const [planned, given] = answers.get(name) ?? [[], []];
      return judge(planned, given, settings, pods, seen);
    }),
    unprobed: settings.nodes.flatMap(({ name }) => {
      const reason = unprobed.get(name);
      return reason === undefined ? [] : [{ node: name, reason }];
    }),
    complaints,
  };
}

function legible({ message, ...answer }: Answer): Answer {
  return message === undefined ? answer : { ...answer, message: printable(message, 200) };
}
