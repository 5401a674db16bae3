import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { tokenOf } from "../../../provider/adapter";
import { propertyDiff } from "../../../provider/property-diff";
import { type Context, PartialFailure, type Properties, type ResourceHandler } from "../../../provider/resource";
import type { Api } from "./api";
import { idOf, isMap, type KubernetesObject, placeOf, typeOf } from "./object";
import { observed } from "./observed";
import { complaints, waitedFor } from "./readiness";

/** As long as @pulumi/kubernetes waits for a rollout. */
const patienceSeconds = 600;

/** What an object is, or what the API server never changes on it: another value means another object. */
const fixed = [["apiVersion"], ["kind"], ["metadata", "name"], ["metadata", "namespace"], ["spec", "selector"]];
const selecting = new Set(["DaemonSet", "Deployment", "StatefulSet"]);

/**
 * Any object of the Kubernetes API, from the inputs that @pulumi/kubernetes sends.
 *
 * @param api the cluster that the provider is configured for
 */
export function objects(api: () => Api): ResourceHandler {
  return {
    check(previous, wanted, { urn }) {
      return { inputs: named(wanted, previous, urn), failures: [] };
    },

    diff(previousInputs, _outputs, wanted) {
      const names = new Set([...Object.keys(previousInputs), ...Object.keys(wanted)]);
      const changes = [...names].map((name) => propertyDiff(previousInputs[name], wanted[name], name));
      const replaced = fixed
        .filter(([first]) => first !== "spec" || selecting.has(String(wanted.kind)))
        .filter((path) => !isDeepStrictEqual(at(previousInputs, path), at(wanted, path)))
        .map((path) => [path.join("."), "replace"]);
      return Object.assign({}, ...changes, Object.fromEntries(replaced));
    },

    async create(wanted, context) {
      if (context.preview) return { id: "", outputs: wanted };
      const outputs = await apply(api(), wanted as KubernetesObject, context);
      return { id: idOf(outputs), outputs };
    },

    async read(id, inputs, outputs, { urn }) {
      const type = inputs.kind ? (inputs as KubernetesObject) : typeOf(tokenOf(urn));
      const live = await api().find({ ...type, metadata: placeOf(id) });
      return live && { id, inputs: inputs.kind ? observed(inputs, outputs, live) : wantedOf(live), outputs: live };
    },

    async update(_id, _inputs, _outputs, wanted, context) {
      if (context.preview) return { outputs: wanted };
      return { outputs: await apply(api(), wanted as KubernetesObject, context) };
    },

    async delete(id, inputs, _outputs, { urn, signal }) {
      const { apiVersion, kind } = inputs as KubernetesObject;
      const place = { apiVersion, kind, metadata: placeOf(id) };
      // A patch of an object takes back the fields that it set.
      if (typeOf(tokenOf(urn)).kind === `${kind}Patch`) await api().apply(place);
      else await api().remove(place, signal, patienceSeconds);
    },
  };
}

async function apply(api: Api, wanted: KubernetesObject, context: Context): Promise<KubernetesObject> {
  let live = await api.apply(wanted);
  const seconds = Number(wanted.metadata.annotations?.["pulumi.com/timeoutSeconds"] ?? patienceSeconds);
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const waiting = waitedFor(live);
    if (!waiting) return live;
    context.status(waiting);
    if (Date.now() > deadline || context.signal.aborted) {
      const why = context.signal.aborted ? "cancelled" : `not ready after ${seconds} s`;
      const reasons = [`${wanted.kind} ${idOf(live)} is ${why}: ${waiting}`, ...complaints(await api.podsOf(live))];
      throw new PartialFailure(idOf(live), live, reasons, wanted);
    }
    await sleep(500);
    const present = await api.find(live);
    if (!present) throw new Error(`${wanted.kind} ${idOf(live)} was removed by somebody else while it was waited for`);
    live = present;
  }
}

/** A name where the program gives none, made of the resource's and kept from then on. */
function named(wanted: Properties, previous: Properties | undefined, urn: string): Properties {
  const metadata = isMap(wanted.metadata) ? wanted.metadata : {};
  if (metadata.name || metadata.generateName) return wanted;
  const before = previous && (at(previous, ["metadata", "name"]) as string | undefined);
  const resource = urn.split("::").at(-1) ?? "";
  const name = before ?? `${resource}-${randomBytes(4).toString("hex")}`;
  const annotations = { ...(metadata.annotations as object), "pulumi.com/autonamed": "true" };
  return { ...wanted, metadata: { ...metadata, name, annotations } };
}

/** What of an object that is imported a program would say. */
function wantedOf({ status: _, ...object }: KubernetesObject): Properties {
  const { uid, resourceVersion, generation, creationTimestamp, ...metadata } = object.metadata;
  return { ...object, metadata };
}

const at = (value: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => (isMap(inner) ? inner[name] : undefined), value);
