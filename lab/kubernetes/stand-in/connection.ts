import { existsSync } from "node:fs";
import type { RequestOptions } from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { KubeConfig } from "@kubernetes/client-node";
import { type Answer, call } from "../call";

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
    const words = body === undefined ? "" : JSON.stringify(body);
    const { status, text } = await answered(() => call(options, words));
    if (status < 300) return JSON.parse(text);
    const sentence = `the API server answers ${status}: ${said(text)}`;
    throw status === 404 ? new MissingFromCluster(sentence) : new Error(sentence);
  }
}

/**
 * Asks until the API server answers for good, for a minute at most. It may be busy, begin anew or wait for its store;
 * what is asked of it here comes to the same however often it is asked.
 */
async function answered(ask: () => Promise<Answer>): Promise<Answer> {
  const deadline = Date.now() + 60_000;
  for (;;) {
    const answer = await ask().catch((error: NodeJS.ErrnoException) => error);
    const passing = answer instanceof Error ? isSilence(answer) : isExcuse(answer);
    if (passing && Date.now() < deadline) await sleep(500);
    else if (answer instanceof Error) throw answer;
    else return answer;
  }
}

/** What `call` says of an answer that does not come has no code. */
const isSilence = ({ code = "" }: NodeJS.ErrnoException) =>
  ["", "ECONNREFUSED", "ECONNRESET", "EPIPE", "ETIMEDOUT"].includes(code);
const isExcuse = ({ status, text }: Answer) =>
  [429, 502, 503, 504].includes(status) || (status === 500 && text.includes("etcdserver:"));

function said(text: string): string {
  try {
    return (JSON.parse(text) as { message?: string }).message ?? text;
  } catch {
    return text;
  }
}
