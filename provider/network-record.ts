import type { Change } from "../components/change";
import { changeWords, worst } from "../components/change-words";
import { networkChanges } from "../components/changes";
import { hasUnknowns } from "./checking";
import { propertyDiff } from "./property-diff";
import type { CheckFailure, Context, Properties, ResourceHandler } from "./resource";

/** The settings in force of one network; a change that would break it is refused before anything else is looked at. */
export const networkRecordHandler: ResourceHandler = {
  check(previous, wanted) {
    if (hasUnknowns(wanted)) return { inputs: wanted, failures: [] };
    return { inputs: wanted, failures: [...unknownNetwork(wanted), ...refusals(previous, wanted)] };
  },
  diff(previousInputs, _previousOutputs, wanted) {
    const changes = propertyDiff(previousInputs.settings, wanted.settings, "settings");
    return previousInputs.network === wanted.network ? changes : { ...changes, network: "replace" };
  },
  async create(wanted) {
    return { id: String(wanted.network), outputs: { ...wanted, lastChange: "safe" } };
  },
  async update(_id, previousInputs, _previousOutputs, wanted, context) {
    const changes = changesOf(previousInputs, wanted);
    if (context.preview) say(changes, previousInputs, wanted, context);
    return { outputs: { ...wanted, lastChange: worst(changes.map((change) => change.class)) } };
  },
  async read(id, inputs, outputs) {
    return { id, inputs, outputs };
  },
  async delete() {},
};

function changesOf(previous: Properties | undefined, wanted: Properties): Change[] {
  const table = networkChanges[String(wanted.network)];
  if (!previous || !table || previous.network !== wanted.network || hasUnknowns([previous, wanted])) return [];
  return table(previous.settings, wanted.settings);
}

function unknownNetwork({ network }: Properties): CheckFailure[] {
  if (networkChanges[String(network)]) return [];
  const known = Object.keys(networkChanges).join(", ");
  return [{ property: "network", reason: `there is no network "${network}"; there is ${known}` }];
}

function refusals(previous: Properties | undefined, wanted: Properties): CheckFailure[] {
  return changesOf(previous, wanted)
    .filter((change) => change.class === "refused")
    .map(({ path, reason, wayRound }) => ({
      property: path,
      reason: wayRound ? `${reason}. Instead: ${wayRound}` : reason,
    }));
}

/** One line a reason, in the preview, so that a reviewer sees what it means before anybody approves it. */
function say(changes: Change[], before: Properties, after: Properties, context: Context): void {
  for (const { class: danger, settings, reason } of changeWords(changes, before.settings, after.settings))
    context.log(danger === "disruptive" ? "warning" : "info", `${danger}: ${settings}: ${reason}`);
}
