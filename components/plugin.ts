import { existsSync, readdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { delimiter, dirname, join, resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { UserError } from "./errors";

const binary = process.platform === "win32" ? "pulumi-resource-podnet.cmd" : "pulumi-resource-podnet";

interface Place {
  cwd: string;
  environment: NodeJS.ProcessEnv;
}

/**
 * Says in one sentence how the provider plugin is wired, where the engine would offer to download one that nobody
 * publishes. Does nothing outside of the engine (unit tests with mocks).
 */
export function requirePlugin(): void {
  if (!pulumi.runtime.hasEngine()) return;
  const problem = missingPlugin({ cwd: process.cwd(), environment: process.env });
  if (problem) throw new UserError("podnet", [problem]);
}

/** Looks where the engine looks; the answer is what to tell the user. */
export function missingPlugin({ cwd, environment }: Place) {
  if (/(^|,)podnet:/.test(environment.PULUMI_DEBUG_PROVIDERS ?? "")) return undefined;
  const project = findProject(cwd);
  const wired = project && wiredPath(project);
  if (wired !== undefined) {
    if (existsSync(wired)) return undefined;
    const rule = `the provider plugin that ${project} names does not exist`;
    return {
      path: "plugins.providers",
      value: wired,
      rule,
      fix: "correct the path, or build the plugin (npm run build)",
    };
  }
  const folders = environment.PULUMI_IGNORE_AMBIENT_PLUGINS ? [] : (environment.PATH ?? "").split(delimiter);
  if (folders.some((folder) => existsSync(join(folder, binary)))) return undefined;
  const plugins = join(environment.PULUMI_HOME ?? join(homedir(), ".pulumi"), "plugins");
  if (existsSync(plugins) && readdirSync(plugins).some((name) => name.startsWith("resource-podnet-"))) return undefined;
  return {
    path: "",
    rule: `the engine will not find podnet's provider plugin (${binary})`,
    fix: "run pulumi by an npm script or npx, or add to Pulumi.yaml: plugins: { providers: [{ name: podnet, path: node_modules/podnet/provider/plugin }] }",
  };
}

function findProject(folder: string): string | undefined {
  const found = ["Pulumi.yaml", "Pulumi.yml"].map((name) => join(folder, name)).find((path) => existsSync(path));
  if (found !== undefined) return found;
  const parent = dirname(folder);
  return parent === folder ? undefined : findProject(parent);
}

interface Project {
  plugins?: { providers?: { name?: string; path?: string }[] };
  packages?: Record<string, unknown>;
}

function wiredPath(project: string): string | undefined {
  const { plugins, packages } = (parse(readFileSync(project, "utf8")) ?? {}) as Project;
  const local = packages?.podnet;
  const path =
    plugins?.providers?.find(({ name }) => name === "podnet")?.path ?? (typeof local === "string" ? local : undefined);
  return path === undefined ? undefined : resolve(dirname(project), path);
}
