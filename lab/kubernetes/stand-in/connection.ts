import { existsSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { KubeConfig } from "@kubernetes/client-node";
import { call } from "../call";

/** The provider's settings that decide which cluster is meant, as @pulumi/kubernetes has them. */
export interface ClusterChoice {
  /** Content of a kubeconfig, or the path of one. @default what KUBECONFIG or ~/.kube/config says */
  kubeconfig?: string;
  context?: string;
  cluster?: string;
  /** For objects that name none. @default the context's, or "default" */
  namespace?: string;
}

/** There is no such object, or no such kind. */
export class MissingFromCluster extends Error {}

/** An API server, and who one is to it, by a kubeconfig. */
export class Connection {
  readonly #config = new KubeConfig();
  /** The context's own. */
  readonly namespace: string;

  constructor({ kubeconfig, context, cluster }: ClusterChoice) {
    if (!kubeconfig) this.#config.loadFromDefault();
    else if (existsSync(kubeconfig)) this.#config.loadFromFile(kubeconfig);
    else this.#config.loadFromString(kubeconfig);
    if (context) this.#config.setCurrentContext(context);
    const name = this.#config.getCurrentContext();
    const present = this.#config.getContextObject(name);
    if (!present)
      throw new Error(name ? `the kubeconfig has no context ${name}` : "the kubeconfig has no current context");
    if (cluster) Object.assign(present, { cluster });
    this.namespace = present.namespace ?? "default";
  }

  /** @throws the API server's own sentence for what it refuses, and no more */
  async ask(method: string, path: string, body?: unknown, type = "application/json"): Promise<unknown> {
    const server = new URL(this.#config.getCurrentCluster()?.server ?? "");
    const options: RequestOptions = {
      method,
      host: server.hostname,
      port: server.port || 443,
      path: `${server.pathname.replace(/\/$/, "")}${path}`,
      headers: { accept: "application/json", "content-type": type },
      timeout: 30_000,
    };
    await this.#config.applyToHTTPSOptions(options);
    const { status, text } = await call(options, body === undefined ? "" : JSON.stringify(body));
    if (status < 300) return JSON.parse(text);
    const sentence = `the API server answers ${status}: ${said(text)}`;
    throw status === 404 ? new MissingFromCluster(sentence) : new Error(sentence);
  }
}

function said(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
