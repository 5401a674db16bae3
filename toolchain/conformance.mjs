import { project } from "./places.mjs";
import { hand, Refusal } from "./run.mjs";

/**
 * Runs cyclonus' whole default suite against Canal in the lab, an hour and more: `npm run conformance`. Only the cases
 * that have one of some tags: `npm run conformance -- rule peer-pods`.
 */
export function conformance(environment, tags) {
  const wrong = tags.filter((tag) => !/^[a-z][a-z\d/-]*$/.test(tag));
  if (wrong.length > 0) throw new Refusal(`${wrong.join(", ")}: give cyclonus' tags, such as rule or peer-pods`);
  const env = { ...environment, PODNET_CONFORMANCE: tags.join() };
  const words = ["run", "--project", "lab", "test/lab/canal/host-gw.test.ts", "--disableConsoleIntercept"];
  return hand("vitest", words, { cwd: project, env });
}
