import { type EtcdRequest, parseAnswer, requestScript, requests, valueIn } from "../components/etcd/request";
import { type EtcdKeySettings, etcdKeySettings } from "../components/etcd/settings";
import { checked } from "./checking";
import { words } from "./node-reach";
import { propertyDiff } from "./property-diff";
import { type Context, PartialFailure, type Properties, type ResourceHandler } from "./resource";
import { type RunOn, runOver } from "./run-on";
import { pool } from "./ssh/pool";
import type { SessionPool } from "./ssh/session";

/** A key in etcd, read and written from a node. */
export function etcdKey(sessions: SessionPool): ResourceHandler {
  const runOn = (previous: Properties) => {
    const hostKeys = { ...(previous.hostKeys as Record<string, string> | undefined) };
    return { run: runOver(sessions, hostKeys), hostKeys };
  };
  const put = async (wanted: Properties, previous: Properties, context: Context) => {
    const { key, value } = wanted;
    if (context.preview) return { key, value, ...kept(previous) };
    const { run, hostKeys } = runOn(previous);
    const settings = etcdKeySettings.parse(wanted);
    await ask(run, settings, [requests.put(settings.key, settings.value)], context);
    return { key, value, ...kept({ hostKeys }) };
  };

  return {
    check: checked(etcdKeySettings),

    /** By which node etcd is asked, and how that is reached, is not what stands in etcd. */
    diff(previousInputs, _previousOutputs, wanted) {
      const names = Object.keys(etcdKeySettings.shape).filter((name) => !["node", "connection"].includes(name));
      const changes = names.map((name) => propertyDiff(previousInputs[name], wanted[name], name, 0));
      const all = Object.assign({}, ...changes);
      return all.key ? { ...all, key: "replace" } : all;
    },

    async create(wanted, context) {
      return { id: String(wanted.key), outputs: await put(wanted, {}, context) };
    },

    async update(_id, _previousInputs, previousOutputs, wanted, context) {
      return { outputs: await put(wanted, previousOutputs, context) };
    },

    async read(id, inputs, outputs, context) {
      const { run } = runOn(outputs);
      const settings = etcdKeySettings.parse(inputs);
      try {
        const value = valueIn(await ask(run, settings, [requests.get(settings.key)], context));
        return value === undefined ? undefined : { id, inputs: { ...inputs, value }, outputs: { ...outputs, value } };
      } catch (error) {
        throw new PartialFailure(id, outputs, [words(error)], inputs);
      }
    },

    async delete(_id, inputs, outputs, context) {
      const { run } = runOn(outputs);
      const settings = etcdKeySettings.parse(inputs);
      await ask(run, settings, requests.remove(settings.key, settings.deletePrefix), context);
    },
  };
}

export const etcdKeyHandler: ResourceHandler = etcdKey(pool);

/** Asks the first member that answers; the answer to the last request. */
async function ask(
  run: RunOn,
  settings: EtcdKeySettings,
  list: EtcdRequest[],
  context: Context,
): Promise<Record<string, unknown>> {
  const { node, connection, endpoints, tls, username, password } = settings;
  const failures: string[] = [];
  for (const endpoint of endpoints) {
    const one = async (request: EtcdRequest, token?: string) =>
      parseAnswer(
        await run({ name: node, connection }, requestScript({ endpoint, tls, token }, request), {
          timeoutSeconds: 45,
          signal: context.signal,
        }),
      );
    try {
      const login = username && password ? await one(requests.authenticate(username, password)) : undefined;
      let answer: Record<string, unknown> = {};
      for (const request of list) answer = await one(request, login?.token as string | undefined);
      return answer;
    } catch (error) {
      failures.push(`${endpoint}: ${words(error)}`);
    }
  }
  throw new Error(
    `${settings.key}: etcd could not be asked from ${node}: ${failures.join("; ")}. ` +
      "Check etcd.endpoints, etcd.tls and the user's rights on this key",
  );
}

/** Host keys that were recorded at the first connection. */
function kept({ hostKeys }: Properties): Properties {
  return hostKeys && Object.keys(hostKeys).length > 0 ? { hostKeys } : {};
}
