import { setTimeout as sleep } from "node:timers/promises";
import { type Connection, MissingFromCluster } from "./connection";
import { fromWire, toWire } from "./names";
import { type KubernetesObject, type Place, withoutManagers } from "./object";

/** Who owns the fields that a program sets. */
const fieldManager = "pulumi-kubernetes";

interface Kind {
  path: string;
  namespaced: boolean;
}

/** One cluster's API, for objects of any kind, as they are written on the wire. */
export class Api {
  private readonly kinds = new Map<string, Kind>();

  constructor(
    private readonly connection: Connection,
    /** Of objects that name none. */
    private readonly namespace: string,
  ) {}

  /** Makes or changes an object by server-side apply: a field that another manager owns is a conflict. */
  async apply(wanted: KubernetesObject): Promise<KubernetesObject> {
    const { namespaced } = await this.kindServed(wanted);
    const { namespace = this.namespace, ...metadata } = wanted.metadata;
    const object = { ...wanted, metadata: namespaced ? { ...metadata, namespace } : metadata };
    const force = metadata.annotations?.["pulumi.com/patchForce"] === "true";
    const path = `${await this.pathOf(object)}?fieldManager=${fieldManager}&force=${force}`;
    return answer(await this.connection.ask("PATCH", path, toWire(object), "application/apply-patch+yaml"));
  }

  /** Undefined when there is no such object, or no such kind any more. */
  async find(place: Place): Promise<KubernetesObject | undefined> {
    try {
      return answer(await this.connection.ask("GET", await this.pathOf(place)));
    } catch (error) {
      if (error instanceof MissingFromCluster) return undefined;
      throw error;
    }
  }

  /** Removes an object and what belongs to it, and waits until both are gone. */
  async remove(place: Place, signal: AbortSignal, timeoutSeconds: number): Promise<void> {
    const found = await this.find(place);
    if (!found) return;
    const { uid } = found.metadata;
    const options = { propagationPolicy: "Foreground", preconditions: { uid } };
    await this.connection.ask("DELETE", await this.pathOf(found), options).catch((error: unknown) => {
      if (!(error instanceof MissingFromCluster)) throw error;
    });
    const deadline = Date.now() + timeoutSeconds * 1000;
    for (;;) {
      const left = await this.find(place);
      if (left?.metadata.uid !== uid) return;
      if (Date.now() > deadline) {
        const held = left?.metadata.finalizers ? `; its finalizers are ${left.metadata.finalizers}` : "";
        throw new Error(`${place.kind} ${place.metadata.name} is still there after ${timeoutSeconds} s${held}`);
      }
      await sleep(300, undefined, { signal });
    }
  }

  async podsOf({ kind, metadata, spec }: KubernetesObject): Promise<KubernetesObject[]> {
    if (kind === "Pod")
      return [await this.find({ apiVersion: "v1", kind, metadata })].filter((pod) => pod !== undefined);
    const labels = (spec?.selector as { matchLabels?: Record<string, string> } | undefined)?.matchLabels;
    if (!labels) return [];
    const selector = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
    const query = `labelSelector=${encodeURIComponent(selector.join(","))}`;
    const list = await this.connection.ask("GET", `/api/v1/namespaces/${metadata.namespace}/pods?${query}`);
    return (list as { items: KubernetesObject[] }).items;
  }

  private async pathOf(place: Place): Promise<string> {
    const { path, namespaced } = await this.kindOf(place);
    const { name, namespace = this.namespace } = place.metadata;
    const { apiVersion } = place;
    const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    return [base, ...(namespaced ? ["namespaces", namespace] : []), path, name].join("/");
  }

  /** Waits for a kind that was established a moment ago: the API server tells of it a moment later. */
  private async kindServed(wanted: KubernetesObject): Promise<Kind> {
    const deadline = Date.now() + 15_000;
    for (;;) {
      try {
        return await this.kindOf(wanted);
      } catch (error) {
        if (!(error instanceof MissingFromCluster) || Date.now() > deadline) throw error;
      }
      await sleep(300);
    }
  }

  /** How the cluster serves a kind. A kind that is not there is looked for again the next time: it may have been made. */
  private async kindOf({ apiVersion, kind }: Pick<Place, "apiVersion" | "kind">): Promise<Kind> {
    const known = this.kinds.get(`${apiVersion} ${kind}`);
    if (known) return known;
    const path = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
    const { resources } = (await this.connection.ask("GET", path)) as {
      resources: { name: string; kind: string; namespaced: boolean }[];
    };
    const found = resources.find((one) => one.kind === kind && !one.name.includes("/"));
    if (!found) throw new MissingFromCluster(`the cluster knows no ${kind} in ${apiVersion}`);
    const served = { path: found.name, namespaced: found.namespaced };
    this.kinds.set(`${apiVersion} ${kind}`, served);
    return served;
  }
}

const answer = (object: unknown) => withoutManagers(fromWire(object) as KubernetesObject);
