// What makes two commands work on a fresh machine: `npm start` and `npm test` both come through here. Needs nothing but
// the Node.js that runs it; each step looks first and does only what is missing, and a killed step is done again.
import { join } from "node:path";
import { buildPlugins, hasPlugins } from "./cni.mjs";
import { compile } from "./compile.mjs";
import { conformance } from "./conformance.mjs";
import { installDependencies } from "./dependencies.mjs";
import { drawn } from "./drawn.mjs";
import { findEngine, hasEngine } from "./engine.mjs";
import { environmentFor } from "./environment.mjs";
import { buildKubernetes, hasKubernetes } from "./kubernetes.mjs";
import { installPackages, requireMachine } from "./machine.mjs";
import { project, toolchain } from "./places.mjs";
import { hand, Refusal } from "./run.mjs";
import { start, startOf } from "./start.mjs";
import { test } from "./test.mjs";

/**
 * @param words the user's own command, which may be about a real stack
 * @param tests whether what only the tests need is asked for, too
 */
function prepare(words, tests = false) {
  const cluster = words?.includes("--kubernetes") ?? false;
  const modules = [
    hasPlugins() || "cni",
    hasEngine() || "pulumi",
    !(cluster || tests) || hasKubernetes() || "kubernetes",
  ].filter((name) => name !== true);
  requireMachine(
    modules.map((name) => join(toolchain, name)),
    { tests, cluster },
  );
  installDependencies();
  installPackages({ tests, cluster });
  const environment = environmentFor(findEngine(), words);
  buildPlugins();
  compile(environment);
  return environment;
}

const commands = {
  start(words) {
    const what = startOf(words);
    return start(prepare(["--stack", what.stack, ...(what.kubernetes ? ["--kubernetes"] : [])]), what);
  },
  test: (words) => test(prepare(undefined, true), words),
  /** Runs a command of ours, or of the engine, in the same surroundings: `npm run podnet -- verify --stack lab`. */
  podnet: (words) => hand("node", ["dist/commands/podnet.js", ...words], { cwd: project, env: prepare(words) }),
  bench: (words) => hand("node", ["dist/bench/index.js", ...words], { cwd: project, env: prepare() }),
  conformance: (words) => conformance(prepare(undefined, true), words),
  /** Random changes and faults against lab nodes. */
  faults: (words) => drawn("faults", { seed: 1, runs: 50, from: 1, nodes: 5 }, prepare(undefined, true), words),
  /** Random changes of settings, and whether what their previews say is what happens. */
  replay: (words) => drawn("replay", { seed: 1, runs: 60, from: 1 }, prepare(undefined, true), words),
  pulumi: (words) => hand("pulumi", words, { cwd: project, env: prepare(words) }),
  /** For the lab, which puts them into its nodes. */
  cni: () => console.log(buildPlugins()),
  kubernetes: async () => console.log(JSON.stringify(await buildKubernetes())),
};

const [name, ...words] = process.argv.slice(2);
try {
  if (!Object.hasOwn(commands, name)) throw new Refusal(`say one of: ${Object.keys(commands).join(", ")}`);
  process.exitCode = (await commands[name](words)) ?? 0;
} catch (error) {
  if (!(error instanceof Refusal)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
