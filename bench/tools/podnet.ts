import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Lab } from "../../lab";
import { measure } from "../measure";
import type { BenchNode } from "../network";
import { concurrency } from "./floor";
import type { Call } from "./plugin";
import type { Wanted } from "./program";

export interface Run {
  podnetSeconds: number;
  /** From the beginning of the first call that worked on a node to the end of the last; 0: there was none. */
  providerSeconds: number;
  peakMemoryBytes: number;
  output: string;
}

const project = join(__dirname, "../../..");

/** A project of its own with the real engine: what a platform team has. */
export class Podnet {
  private readonly folder = mkdtempSync(join(tmpdir(), "podnet-bench-"));
  private readonly calls = join(this.folder, "calls.jsonl");

  private constructor(private readonly lab: Lab) {}

  static async create(lab: Lab): Promise<Podnet> {
    const podnet = new Podnet(lab);
    const { folder } = podnet;
    symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
    const plugin = join(project, "bench/plugin");
    const yaml = `name: bench\nruntime: { name: nodejs, options: { typescript: false } }\nmain: program.js\nplugins: { providers: [{ name: podnet, path: ${plugin} }] }\n`;
    writeFileSync(join(folder, "Pulumi.yaml"), yaml);
    const program = JSON.stringify(join(project, "dist/bench/tools/program"));
    writeFileSync(join(folder, "program.js"), `require(${program}).program(__dirname + "/wanted.json");\n`);
    await podnet.pulumi("stack", "init", "bench");
    return podnet;
  }

  want(nodes: readonly BenchNode[]): void {
    const { privateKeyFile, knownHostsFile } = this.lab;
    const wanted: Wanted = {
      nodes: nodes.map(({ name, address }) => ({ name, address })),
      privateKeyFile,
      knownHostsFile,
    };
    writeFileSync(join(this.folder, "wanted.json"), JSON.stringify(wanted));
  }

  /** Without a preview: the other tools have none. */
  up(): Promise<Run> {
    return this.timed("up");
  }

  refresh(): Promise<Run> {
    return this.timed("refresh");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private async timed(command: "up" | "refresh"): Promise<Run> {
    writeFileSync(this.calls, "");
    const measured = await this.pulumi(command, "--yes", "--skip-preview", "--parallel", String(concurrency));
    const lines = readFileSync(this.calls, "utf8").split("\n").filter(Boolean);
    const calls = lines.map((line) => JSON.parse(line) as Call);
    const first = Math.min(...calls.map(({ began }) => began));
    const last = Math.max(...calls.map(({ ended }) => ended));
    return {
      podnetSeconds: measured.seconds,
      providerSeconds: calls.length > 0 ? (last - first) / 1000 : 0,
      peakMemoryBytes: measured.peakMemoryBytes,
      output: measured.output,
    };
  }

  private pulumi(...words: string[]) {
    return measure("pulumi", [...words, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      environment: {
        PULUMI_BACKEND_URL: `file://${this.folder}`,
        PULUMI_HOME: join(this.folder, "home"),
        PULUMI_CONFIG_PASSPHRASE: "bench",
        PODNET_BENCH_CALLS: this.calls,
      },
    });
  }
}
