import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../../../lab";
import { routerNamespace } from "../../../lab/underlay";

const base64 = (text: string) => Buffer.from(text).toString("base64");

/** An etcd on the lab's router, which every node reaches; it ends with this process at the latest. */
export class EtcdServer {
  readonly endpoint: string;
  private readonly folder = mkdtempSync(join(tmpdir(), "podnet-etcd-"));
  private readonly child: ChildProcess;

  /** @param programs folder with etcd */
  constructor(lab: Lab, programs: string) {
    const [client, peer] = [2379, 2380].map((port) => `http://${lab.routers.a.ipv4}:${port}`);
    this.endpoint = client as string;
    const words = [
      ["--pdeathsig", "KILL", "ip", "netns", "exec", routerNamespace(lab.underlay), `${programs}/etcd`],
      [`--data-dir=${this.folder}`, "--log-level=warn", "--unsafe-no-fsync"],
      [`--listen-client-urls=${client}`, `--advertise-client-urls=${client}`],
      [`--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`, `--initial-cluster=default=${peer}`],
    ].flat();
    this.child = spawn("setpriv", words, { stdio: "ignore" });
  }

  /** All keys; throws while etcd does not answer. */
  async keys(): Promise<string[]> {
    const answer = await this.ask("range", { key: base64("\0"), range_end: base64("\0"), keys_only: true });
    const { kvs = [] } = answer as { kvs?: { key: string }[] };
    return kvs.map(({ key }) => Buffer.from(key, "base64").toString()).toSorted();
  }

  async put(key: string, value: string): Promise<void> {
    await this.ask("put", { key: base64(key), value: base64(value) });
  }

  private async ask(what: string, question: object): Promise<unknown> {
    const answer = await fetch(`${this.endpoint}/v3/kv/${what}`, { method: "POST", body: JSON.stringify(question) });
    return answer.json();
  }

  end(): void {
    this.child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }
}
