import { z } from "zod";

/** One resource in a stack's state. */
export interface StackResource {
  urn: string;
  inputs: Record<string, unknown>;
  outputs: Record<string, unknown>;
}

/** A resource with what its engine knows of it, and every secret hidden. */
export interface KeptResource extends StackResource {
  type: string;
  parent: string | undefined;
  /** What was wrong when it was looked at, or changed, last. */
  complaints: string[];
  /** When it was made, and when it was changed last, as ISO 8601 has it. */
  created: string | undefined;
  modified: string | undefined;
}

/** The engine's mark of a secret, in a state that was exported with or without its secrets (Pulumi's constant). */
const secretMark = "4dabf18193072939515e22adb298388d";

/** What stands in a secret's place. */
const hidden = "[secret]";

const properties = z.record(z.string(), z.unknown()).default({});
const exported = z.looseObject({
  deployment: z.looseObject({
    resources: z
      .array(
        z.looseObject({
          urn: z.string(),
          type: z.string(),
          /** Already replaced or removed in the program, only not yet in fact. */
          delete: z.boolean().default(false),
          inputs: properties,
          outputs: properties,
          parent: z.string().optional(),
          initErrors: z.array(z.string()).default([]),
          created: z.string().optional(),
          modified: z.string().optional(),
        }),
      )
      .default([]),
  }),
});

/** The resources of a type in what `pulumi stack export` printed, with plain secrets in their places. */
export function resourcesOf(text: string, type: string): StackResource[] {
  return parsed(text)
    .deployment.resources.filter((resource) => resource.type === type && !resource.delete)
    .map(({ urn, inputs, outputs }) => ({
      urn,
      inputs: reveal(inputs) as StackResource["inputs"],
      outputs: reveal(outputs) as StackResource["outputs"],
    }));
}

/** All that a stack keeps, in the engine's order, without a secret: also of a state that was exported with them. */
export function keptResources(text: string): KeptResource[] {
  return parsed(text)
    .deployment.resources.filter((resource) => !resource.delete)
    .map(({ urn, type, parent, initErrors, created, modified, inputs, outputs }) => ({
      urn,
      type,
      parent,
      complaints: initErrors,
      created,
      modified,
      inputs: hide(inputs) as StackResource["inputs"],
      outputs: hide(outputs) as StackResource["outputs"],
    }));
}

function parsed(text: string): z.output<typeof exported> {
  try {
    return exported.parse(JSON.parse(text));
  } catch (error) {
    throw new Error("this is not what `pulumi stack export` prints", { cause: error });
  }
}

/** True when a secret is in there that only `--show-secrets` prints. */
export function hasHiddenSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (secretMark in value) return true;
  return Object.values(value).some(hasHiddenSecret);
}

function reveal(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(reveal);
  if (secretMark in value && "plaintext" in value) return reveal(JSON.parse(String(value.plaintext)));
  if (secretMark in value) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, reveal(one)]));
}

function hide(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(hide);
  if (secretMark in value) return hidden;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, hide(one)]));
}
