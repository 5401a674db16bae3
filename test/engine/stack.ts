import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const project = join(__dirname, "../..");

/** A resource as a program would register it; `{ $secret: x }` stands for a secret. */
export interface Wanted {
  type: "AddressPlan" | "NetworkRecord" | "NodeState" | "Verification";
  name: string;
  args: Record<string, unknown>;
}

export interface Ended {
  code: number | null;
  output: string;
}

/** A program that registers what a file beside it names, run by the real engine, with its state in a folder of its own. */
export class Stack {
  readonly folder = mkdtempSync(join(tmpdir(), "podnet-engine-"));
  private environment: NodeJS.ProcessEnv = {};

  /**
   * @param programText the program; what is wanted stands beside it in wanted.json
   * @param plugins folders of further plugins, by the provider's name
   * @param environment variables of the engine besides the usual
   */
  static async create({
    programText = program,
    plugins = {} as Record<string, string>,
    environment = {} as NodeJS.ProcessEnv,
  } = {}): Promise<Stack> {
    const stack = new Stack();
    const toolchain = join(project, "toolchain");
    const { findEngine } = await import(join(toolchain, "engine.mjs"));
    const { environmentFor } = await import(join(toolchain, "environment.mjs"));
    stack.environment = {
      ...environmentFor(findEngine()),
      PULUMI_BACKEND_URL: `file://${stack.folder}`,
      PULUMI_HOME: join(stack.folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "test",
      ...environment,
    };
    symlinkSync(join(project, "node_modules"), join(stack.folder, "node_modules"));
    // The name of the project is the provider's too, as in this repository: its settings are not the provider's.
    const plugin = join(project, "provider/plugin");
    const providers = Object.entries({ podnet: plugin, ...plugins }).map(
      ([name, path]) => `{ name: ${name}, path: ${path} }`,
    );
    const yaml = `name: podnet\nruntime: { name: nodejs, options: { typescript: false } }\nmain: program.js\nplugins: { providers: [${providers.join(", ")}] }\n`;
    writeFileSync(join(stack.folder, "Pulumi.yaml"), yaml);
    writeFileSync(join(stack.folder, "program.js"), programText);
    stack.want();
    await stack.must("stack", "init", "test");
    return stack;
  }

  want(...resources: Wanted[]): void {
    writeFileSync(join(this.folder, "wanted.json"), JSON.stringify(resources));
  }

  start(...words: string[]): { child: ChildProcess; ended: Promise<Ended> } {
    const child = spawn("pulumi", [...words, "--non-interactive", "--color", "never"], {
      cwd: this.folder,
      env: this.environment,
      stdio: ["ignore", "pipe", "pipe"],
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (chunk) => {
        output += chunk;
      });
    return { child, ended: once(child, "close").then(([code]) => ({ code, output })) };
  }

  run(...words: string[]): Promise<Ended> {
    return this.start(...words).ended;
  }

  async must(...words: string[]): Promise<string> {
    const { code, output } = await this.run(...words);
    if (code !== 0) throw new Error(`pulumi ${words.join(" ")} ended with ${code}:\n${output}`);
    return output;
  }

  /** The resources of the last deployment, by name. */
  async resources(): Promise<Record<string, StateResource>> {
    const { deployment } = JSON.parse(await this.must("stack", "export"));
    return Object.fromEntries(
      ((deployment.resources ?? []) as StateResource[]).map((one) => [one.urn.split("::").at(-1), one]),
    );
  }

  /** What the backend has of the stack after a run has ended: without the engine, which takes a while to say it. */
  states(): StateResource[] {
    const file = readFileSync(join(this.folder, ".pulumi/stacks/podnet/test.json"), "utf8");
    const { checkpoint } = JSON.parse(file) as { checkpoint: { latest?: { resources?: StateResource[] } } };
    return checkpoint.latest?.resources ?? [];
  }

  /** Everything that the engine keeps of the stack, in one text. */
  kept(): string {
    const folder = join(this.folder, ".pulumi");
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((file) => file.isFile());
    return files.map((file) => readFileSync(join(file.parentPath, file.name), "utf8")).join("\n");
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}

export interface StateResource {
  urn: string;
  type: string;
  id: string;
  custom: boolean;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
  provider: string;
  initErrors?: string[];
}

const program = `
const { readFileSync } = require("node:fs");
const pulumi = require("@pulumi/pulumi");
const revive = (_name, value) => (value && value.$secret !== undefined ? pulumi.secret(value.$secret) : value);
for (const { type, name, args } of JSON.parse(readFileSync(__dirname + "/wanted.json", "utf8"), revive)) {
  const resource = new pulumi.CustomResource("podnet:index:" + type, name, { subnets: undefined, ...args });
  exports[name] = resource.subnets;
}
`;
