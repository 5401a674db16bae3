import { z } from "zod";
import { marked } from "./secrets";

const properties = z.record(z.string(), z.unknown());
const state = z.looseObject({
  inputs: properties.default({}),
  parent: z.string().optional(),
  initErrors: z.array(z.string()).default([]),
});
const digestSchema = z.looseObject({
  steps: z
    .array(
      z.looseObject({
        op: z.string(),
        urn: z.string(),
        oldState: state.optional(),
        newState: state.optional(),
        detailedDiff: properties.nullish(),
      }),
    )
    .default([]),
  diagnostics: z
    .array(z.looseObject({ urn: z.string().optional(), message: z.string(), severity: z.string().default("info") }))
    .default([]),
  changeSummary: z.record(z.string(), z.number()).default({}),
});

/** How the engine prints a value that is known only when the change is made (Pulumi's constant). */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** What `pulumi preview --json` prints. */
export type Digest = z.output<typeof digestSchema>;

export type Action = "create" | "update" | "replace" | "delete" | "same";
export type Properties = Record<string, unknown>;

/** One resource of a preview. */
export interface Resource {
  urn: string;
  /** Its type token, such as "podnet:index:NodeState". */
  type: string;
  name: string;
  /** The types of what it is a part of, from the outermost in. */
  within: string[];
  parent: string | undefined;
  action: Action;
  before: Properties | undefined;
  after: Properties | undefined;
  /** What was wrong when it was looked at, or changed, last. */
  complaints: string[];
}

/** Reads a preview; what the engine printed before and around it is passed by. */
export function readDigest(text: string): Digest {
  try {
    return digestSchema.parse(JSON.parse(text.slice(Math.max(0, text.search(/^\{/m)))));
  } catch (error) {
    throw new Error("this is not what `pulumi preview --json` prints", { cause: error });
  }
}

/** The preview's resources by their names, those of one replacement as one. */
export function resourcesIn({ steps }: Digest): Resource[] {
  const found = [...Map.groupBy(steps, ({ urn }) => urn)].map(([urn, group]): Resource => {
    const before = group.find(({ oldState }) => oldState)?.oldState;
    const after = group.findLast(({ newState, op }) => newState && !op.startsWith("delete"))?.newState;
    const types = (urn.split("::")[2] ?? "").split("$");
    return {
      urn,
      type: types.at(-1) as string,
      name: urn.split("::").slice(3).join("::"),
      within: types.slice(0, -1),
      parent: (after ?? before)?.parent,
      action: actionOf(group.map(({ op }) => op)),
      before: before?.inputs,
      after:
        after &&
        marked(
          before?.inputs,
          after.inputs,
          group.flatMap((one) => Object.keys(one.detailedDiff ?? {})),
        ),
      complaints: before?.initErrors ?? [],
    };
  });
  return found.sort((left, right) => order.compare(left.name, right.name) || (left.urn < right.urn ? -1 : 1));
}

/** node2 comes before node10. */
const order = new Intl.Collator("en", { numeric: true });

function actionOf(steps: string[]): Action {
  if (steps.some((step) => step.includes("replace"))) return "replace";
  if (steps.some((step) => step === "create" || step === "import")) return "create";
  if (steps.includes("delete")) return "delete";
  return steps.includes("update") ? "update" : "same";
}

/** The stack's name and its project's, when there is a resource to tell them. */
export function placeOf({ steps }: Digest): { stack: string; project: string } {
  const [stack = "", project = ""] = steps[0]?.urn.split("::") ?? [];
  return { stack: stack.replace(/^urn:pulumi:/, ""), project };
}
