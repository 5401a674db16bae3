import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { apiPort, controlPlane } from "./addresses";
import { type Answer, call } from "./call";

/** The little of the Kubernetes API that bringing a cluster up takes, as its admin. */
export class Api {
  private constructor(
    private readonly host: string,
    private readonly files: { ca: string; cert: string; key: string },
  ) {}

  /** @param pki the folder of the cluster's certificates */
  static async open(slot: number, pki: string): Promise<Api> {
    const [ca = "", cert = "", key = ""] = await Promise.all(
      ["ca.crt", "admin.crt", "admin.key"].map((name) => readFile(join(pki, name), "utf8")),
    );
    return new Api(controlPlane(slot).ipv4, { ca, cert, key });
  }

  /** Does the API server answer, and is all of it ready? */
  async isReady(): Promise<boolean> {
    return this.call("GET", "/readyz", 5).then(
      ({ status }) => status === 200,
      () => false,
    );
  }

  /** Nodes that are registered and have their pod subnets. */
  async nodes(): Promise<string[]> {
    const { status, text } = await this.call("GET", "/api/v1/nodes");
    if (status !== 200) throw new Error(`lab: the API server answers ${status} to a question for nodes: ${text}`);
    const { items } = JSON.parse(text) as { items: { metadata: { name: string }; spec: { podCIDRs?: string[] } }[] };
    return items.filter(({ spec }) => spec.podCIDRs).map(({ metadata }) => metadata.name);
  }

  /** Removes a node that is gone for good, with its pods: they would count as running for a minute more. */
  async removeNode(name: string): Promise<void> {
    await this.gone(`/api/v1/nodes/${name}`);
    const { text } = await this.call("GET", `/api/v1/pods?fieldSelector=spec.nodeName%3D${name}`);
    const { items } = JSON.parse(text) as { items: { metadata: { name: string; namespace: string } }[] };
    for (const { metadata } of items)
      await this.gone(`/api/v1/namespaces/${metadata.namespace}/pods/${metadata.name}?gracePeriodSeconds=0`);
  }

  private async gone(path: string): Promise<void> {
    const { status, text } = await this.call("DELETE", path);
    if (status !== 200 && status !== 404) throw new Error(`lab: the API server keeps ${path} (${status}): ${text}`);
  }

  private call(method: string, path: string, seconds = 30): Promise<Answer> {
    const timeout = seconds * 1000;
    return call({ ...this.files, host: this.host, port: apiPort, path, method, timeout, agent: false });
  }
}
