import { parseArgs } from "node:util";
import { project } from "./places.mjs";
import { hand, Refusal } from "./run.mjs";

/**
 * Runs tests that draw what they do by a seed, with the user's own numbers: `npm run faults -- --seed 7 --runs 200`.
 *
 * @param name of the tests' project, by which the numbers are called in the environment
 * @param defaults the numbers there are, and what they are when nothing is said
 */
export function drawn(name, defaults, environment, words) {
  const env = { ...environment };
  for (const [option, text] of Object.entries(numbers(defaults, words))) {
    if (!/^\d{1,9}$/.test(text)) throw new Refusal(`--${option} is "${text}"; give a whole number`);
    env[`PODNET_${name.toUpperCase()}_${option.toUpperCase()}`] = text;
  }
  return hand("vitest", ["run", "--project", name, "--disableConsoleIntercept"], { cwd: project, env });
}

function numbers(defaults, words) {
  const options = Object.fromEntries(
    Object.entries(defaults).map(([option, number]) => [option, { type: "string", default: String(number) }]),
  );
  try {
    return parseArgs({ args: words, options }).values;
  } catch (error) {
    throw new Refusal(`${error.message}. Say --${Object.keys(options).join(" N, --")} N`);
  }
}
