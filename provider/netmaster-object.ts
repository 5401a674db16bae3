import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type Collection, collections, isFixed, type Value } from "../components/netmaster/collections";
import { observed, parseAnswer, requestScript, type Verb } from "../components/netmaster/request";
import { type NetmasterObjectSettings, netmasterObjectSettings } from "../components/netmaster/settings";
import { checked } from "./checking";
import { words } from "./node-reach";
import { propertyDiff } from "./property-diff";
import { type Context, PartialFailure, type Properties, type ResourceHandler } from "./resource";
import { runOver } from "./run-on";
import { pool } from "./ssh/pool";
import type { SessionPool } from "./ssh/session";

/** netmaster's pod runs a moment before netmaster listens: a refused connection is tried again so often. */
const patience = { attempts: 20, milliseconds: 3000 };

/** An object of Contiv's netmaster, read and written from a node. */
export function netmasterObject(sessions: SessionPool, { attempts, milliseconds } = patience): ResourceHandler {
  const ask = async (
    settings: NetmasterObjectSettings,
    verb: Verb,
    hostKeys: Record<string, string>,
    context: Context,
  ): Promise<Value | undefined> => {
    const { node, connection, url, collection, key } = settings;
    const run = runOver(sessions, hostKeys);
    const how = { timeoutSeconds: 45, signal: context.signal };
    try {
      for (let attempt = 1; ; attempt += 1) {
        const result = await run({ name: node, connection }, requestScript(settings, verb), how);
        if (result.code !== refusedConnection || attempt === attempts) return parseAnswer(result, verb);
        await sleep(milliseconds, undefined, { signal: context.signal });
      }
    } catch (error) {
      const what = `${collections[collection].title} ${key}`;
      throw new Error(`${what}: netmaster at ${url}, asked from ${node}: ${words(error)}`);
    }
  };

  return {
    check: checked(netmasterObjectSettings),

    /** By which node netmaster is asked, and how that is reached, is not what it has. */
    diff(previousInputs, _previousOutputs, wanted) {
      const names = ["collection", "key", "value"];
      const all = Object.assign(
        {},
        ...names.map((name) => propertyDiff(previousInputs[name], wanted[name], name, 0)),
      ) as Record<string, "update" | "replace">;
      const anew = (name: string) =>
        name !== "value" || isFixed(wanted.collection as Collection, previousInputs.value as Value, fieldsOf(wanted));
      return Object.fromEntries(Object.keys(all).map((name) => [name, anew(name) ? "replace" : "update"]));
    },

    async create(wanted, context) {
      const id = `${String(wanted.collection)}/${String(wanted.key)}`;
      if (context.preview) return { id, outputs: outputsOf(wanted, {}) };
      const settings = netmasterObjectSettings.parse(wanted);
      const hostKeys = {};
      const there = await ask(settings, "GET", hostKeys, context);
      const has = there && observed(there, settings.value);
      // What a run made that was cut short, or somebody by hand, is the same object when it says the same.
      if (has && isFixed(settings.collection, has, settings.value)) throw new Error(another(settings, has));
      if (!isDeepStrictEqual(has, settings.value)) await ask(settings, "POST", hostKeys, context);
      return { id, outputs: outputsOf(wanted, hostKeys) };
    },

    async update(_id, _previousInputs, previousOutputs, wanted, context) {
      const hostKeys = hostKeysOf(previousOutputs);
      if (!context.preview) await ask(netmasterObjectSettings.parse(wanted), "POST", hostKeys, context);
      return { outputs: outputsOf(wanted, hostKeys) };
    },

    async read(id, inputs, outputs, context) {
      const settings = netmasterObjectSettings.parse(inputs);
      try {
        const answer = await ask(settings, "GET", hostKeysOf(outputs), context);
        if (answer === undefined) return undefined;
        const value = observed(answer, settings.value);
        return { id, inputs: { ...inputs, value }, outputs: { ...outputs, value } };
      } catch (error) {
        throw new PartialFailure(id, outputs, [words(error)], inputs);
      }
    },

    async delete(_id, inputs, outputs, context) {
      await ask(netmasterObjectSettings.parse(inputs), "DELETE", hostKeysOf(outputs), context);
    },
  };
}

/** curl's code for it. */
const refusedConnection = 7;

export const netmasterObjectHandler: ResourceHandler = netmasterObject(pool);

function fieldsOf({ value }: Properties): Value {
  // Not known yet in a preview: nothing of it is fixed.
  return typeof value === "object" && value !== null ? (value as Value) : {};
}

function another({ collection, key }: NetmasterObjectSettings, has: Value): string {
  const what = `${collections[collection].title} ${key}`;
  const fields = Object.entries(has).map(([name, field]) => `${name} ${[field].flat().join(", ")}`);
  return (
    `netmaster has another ${what} (${fields.join("; ")}), which it does not change: ` +
    "say what it has, give yours another name, or delete it by netctl first"
  );
}

function hostKeysOf({ hostKeys }: Properties): Record<string, string> {
  return { ...(hostKeys as Record<string, string> | undefined) };
}

/** With host keys that were recorded at the first connection. */
function outputsOf({ collection, key, value }: Properties, hostKeys: Record<string, string>): Properties {
  return { collection, key, value, ...(Object.keys(hostKeys).length > 0 && { hostKeys }) };
}
