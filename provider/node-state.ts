import { type Drift, driftOf } from "../components/node/drift";
import { parseImportId } from "../components/node/import-id";
import type { Plan } from "../components/node/plan";
import { residue } from "../components/node/residue";
import { type NodeStateSettings, nodeStateSettings } from "../components/node/settings";
import { nodeState } from "../components/node/state";
import { summary } from "../components/node/summary";
import { unhealthy } from "../components/node/unhealthy";
import { ChangeFailed } from "./change-failed";
import { checked, completed } from "./checking";
import { amendNode } from "./node-amend";
import { changeNode } from "./node-change";
import { readNode } from "./node-facts";
import { type Reach, session, step, words } from "./node-reach";
import { propertyDiff } from "./property-diff";
import {
  type Context,
  PartialFailure,
  type Properties,
  type PropertyDiff,
  type ResourceHandler,
  unknown,
} from "./resource";
import { SshError } from "./ssh/errors";
import { pool } from "./ssh/pool";

const nothing = nodeState.parse({});

/** One owner's part of one node. */
export const nodeStateHandler: ResourceHandler = {
  check: checked(nodeStateSettings),

  diff(previousInputs, previousOutputs, wanted) {
    const changes: PropertyDiff = propertyDiff(...completed(nodeState, previousInputs.state, wanted.state), "state");
    for (const name of ["node", "owner"]) if (previousInputs[name] !== wanted[name]) changes[name] = "replace";
    if (hasDrift(previousInputs) || hasDrift(previousOutputs)) changes.drift = "delete";
    return changes;
  },

  async create(wanted, context) {
    if (context.preview) return { id: "", outputs: planned(undefined, wanted, context) };
    const settings = nodeStateSettings.parse(wanted);
    const id = `${settings.node}/${settings.owner}`;
    try {
      return { id, outputs: await apply(settings, undefined, undefined, context) };
    } catch (error) {
      if (error instanceof ChangeFailed && !error.restored)
        throw new PartialFailure(id, { node: settings.node, owner: settings.owner, manifest: "" }, [error.message]);
      throw error;
    }
  },

  async update(_id, previousInputs, previousOutputs, wanted, context) {
    if (context.preview) return { outputs: planned(previousInputs, wanted, context, previousOutputs) };
    const settings = nodeStateSettings.parse(wanted);
    return { outputs: await apply(settings, previousInputs, previousOutputs, context) };
  },

  async read(id, inputs, outputs, context) {
    const imported = Object.keys(inputs).length === 0;
    const { drift: _before, ...known }: Properties = imported ? { ...parseImportId(id) } : inputs;
    const settings = nodeStateSettings.parse({ state: {}, ...known });
    const reach = reachOf(settings, outputs, context);
    try {
      return await pool.exclusive(settings.connection, async () => {
        const { facts, manifest, owned } = await step(reach, "read", () => readNode(reach, [settings.state]));
        if (imported && !manifest)
          throw new Error(`${settings.node}: podnet keeps nothing for the owner ${settings.owner} on this node`);
        const drift = manifest
          ? driftOf(owned, facts)
          : [{ item: `state of ${settings.owner}`, expected: "committed", found: "absent" }];
        if (drift.length > 0) context.log("warning", driftWords(settings.node, drift));
        const { hostKey } = await session(reach);
        const node = manifest?.node ?? settings.node;
        const kept = { ...known, node, state: imported ? manifest?.state : known.state };
        const shown = drift.length > 0 ? { drift } : {};
        return {
          id: `${node}/${settings.owner}`,
          inputs: { ...kept, ...shown },
          outputs: { ...outputs, node, owner: settings.owner, hostKey, ...shown },
        };
      });
    } catch (error) {
      if (imported || !(error instanceof SshError)) throw error;
      throw new PartialFailure(id, outputs, [`${unhealthy}${words(error)}`], inputs);
    }
  },

  async delete(_id, inputs, outputs, context) {
    const { drift: _drift, ...known } = inputs;
    const settings = nodeStateSettings.parse(known);
    const reach = reachOf(settings, outputs, context);
    const remove = async () => {
      const unreachable = await session(reach).then(() => undefined, absence);
      if (unreachable && settings.onUnreachable === "forget")
        return context.log(
          "warning",
          `${settings.node} cannot be reached and is forgotten as it is: ${words(unreachable)}`,
        );
      if (unreachable)
        throw new Error(
          `${settings.node}: ${words(unreachable)}. A node that is gone for good is forgotten with onUnreachable: "forget": set it, run up, then remove the node`,
        );
      const { plan } = await changeNode(reach, settings, undefined, settings.state);
      await residueCheck(reach, settings, plan);
    };
    await pool.exclusive(settings.connection, () => step(reach, "delete", remove));
  },
};

/**
 * The error of a login to a node that is not there. Whatever else is wrong (a key of ours, its host key, sudo, the
 * bastion) is no word of the node's end, and forgets nothing.
 */
function absence(error: unknown): SshError {
  if (error instanceof SshError && error.isUnreachable) return error;
  throw error;
}

async function apply(
  settings: NodeStateSettings,
  previousInputs: Properties | undefined,
  previousOutputs: Properties | undefined,
  context: Context,
): Promise<Properties> {
  const { node, owner, connection, state } = settings;
  const reach = reachOf(settings, previousOutputs, context);
  const previous = nodeState.safeParse(previousInputs?.state).data;
  const known = hasDrift(previousInputs) || hasDrift(previousOutputs) ? undefined : previousOutputs?.manifest;
  const bring = async () => {
    const manifest =
      (await amendNode(reach, state, previous, known as string | undefined, settings.windowSeconds)) ??
      (await changeNode(reach, settings, state, previous)).manifest;
    return { node, owner, manifest, hostKey: (await session(reach)).hostKey };
  };
  return pool.exclusive(connection, () => step(reach, previousInputs ? "update" : "create", bring));
}

function reachOf(settings: NodeStateSettings, outputs: Properties | undefined, context: Context): Reach {
  const { node, owner, connection } = settings;
  const recordedHostKey = typeof outputs?.hostKey === "string" ? outputs.hostKey : undefined;
  return { node, owner, connection, recordedHostKey, pool, context };
}

/** A preview: what would be done, and outputs as far as they do not depend on the node. */
function planned(
  previous: Properties | undefined,
  wanted: Properties,
  context: Context,
  outputs: Properties = {},
): Properties {
  const before = nodeState.safeParse(previous?.state).data ?? nothing;
  const after = nodeState.safeParse(wanted.state).data;
  if (after) context.status(summary(before, after));
  const { drift: _drift, ...kept } = outputs;
  return { ...kept, node: wanted.node, owner: wanted.owner, manifest: unknown };
}

/** A removal is done when nothing of it is left. */
async function residueCheck(reach: Reach, settings: NodeStateSettings, { steps }: Plan): Promise<void> {
  if (steps.length === 0) return;
  const { facts, owned } = await readNode(reach, [settings.state]);
  const left = residue(steps, facts, owned);
  if (facts.owners.includes(settings.owner)) left.push(`/var/lib/podnet/${settings.owner}`);
  if (left.length > 0)
    throw new Error(
      `${settings.node}: the removal left something behind:\n${left.map((line) => `  - ${line}`).join("\n")}`,
    );
}

function driftWords(node: string, drift: Drift[]): string {
  const shown = drift.slice(0, 8).map(({ item, expected, found }) => `  ${item}: ${found}, should be ${expected}`);
  const more = drift.length > shown.length ? [`  and ${drift.length - shown.length} more`] : [];
  return [`${node} was changed by hand; the next up repairs it:`, ...shown, ...more].join("\n");
}

function hasDrift(properties: Properties | undefined): boolean {
  return Array.isArray(properties?.drift) && properties.drift.length > 0;
}
