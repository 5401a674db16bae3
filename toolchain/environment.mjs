import { existsSync, mkdirSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { cache, project } from "./places.mjs";

/** The stacks of `npm start` and the tests: they are thrown away, and their secrets are none. */
export const labStacks = ["lab", "lab-flannel", "lab-calico", "lab-canal"];
/** A passphrase that everybody knows. */
const passphrase = "lab";
const ownHome = join(cache, "pulumi-home");

/**
 * What children see: our Node.js and engine first on the PATH. The lab has its state under the checkout and a passphrase
 * that everybody knows. Every other stack is a real one: its backend is the user's, and its passphrase only the user's.
 *
 * @param words the user's own command; without it the command is the lab's
 */
export function environmentFor(engine, words = ["--stack", "lab"], own = process.env) {
  const state = join(project, ".pulumi-state");
  mkdirSync(state, { recursive: true });
  // Where the official engine could not be downloaded, neither can be the provider that applies objects: the lab's
  // stand-in does. A real stack never gets it.
  const standIn = engine.ours && namesLab(words) ? [join(project, "lab", "kubernetes", "stand-in", "plugin")] : [];
  const path = [join(project, "node_modules", ".bin"), engine.folder, ...standIn, own.PATH];
  return {
    ...own,
    PATH: path.join(":"),
    ...(namesLab(words) ? labState(state) : userState(own, state)),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    // Engine, program and plugin load the same modules at each run: compiled once.
    NODE_COMPILE_CACHE: own.NODE_COMPILE_CACHE ?? join(cache, "compiled"),
    ...(engine.ours && { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" }),
  };
}

function labState(state) {
  return { PULUMI_BACKEND_URL: `file://${state}`, PULUMI_CONFIG_PASSPHRASE: passphrase, PULUMI_HOME: ownHome };
}

/** The backend that is set, or logged in to; where there is none, the state is under the checkout. */
function userState(own, state) {
  const homes = own.PULUMI_HOME ? [own.PULUMI_HOME] : [join(own.HOME ?? homedir(), ".pulumi"), ownHome];
  const login = homes.find(isLoggedIn);
  const backend = own.PULUMI_BACKEND_URL ?? (login || own.PULUMI_ACCESS_TOKEN ? undefined : `file://${state}`);
  return { PULUMI_HOME: login ?? homes.at(-1), ...(backend && { PULUMI_BACKEND_URL: backend }) };
}

function isLoggedIn(home) {
  const file = join(home, "credentials.json");
  try {
    return existsSync(file) && Boolean(JSON.parse(readFileSync(file, "utf8")).current);
  } catch {
    return false;
  }
}

/** Only a stack that is named is known: the selected one is the engine's to know, and `stack init` makes another. */
function namesLab(words) {
  const [command, verb, name] = words;
  if (command === "stack" && ["init", "select", "rm"].includes(verb) && labStacks.includes(name)) return true;
  return words.some((word, at) => {
    const [option, value = words[at + 1]] = word.split("=");
    return ["--stack", "-s"].includes(option) && labStacks.includes(value);
  });
}
