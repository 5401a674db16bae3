import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Problem } from "./addresses/problem";
import { besideProblems, besideWarnings, type Claims, networksOf } from "./network-nodes/beside";
import { parse } from "./parse";
import { requirePlugin } from "./plugin";
import { NetworkRecord } from "./record";

/** The rooms that settings pass through before anything is made of them. */
export interface Rooms<Schema extends z.ZodType, Settings> {
  /** As it is recorded, and by which its table of changes is found: "bridge". */
  network: string;
  /** The component's class, for messages: "BridgeNetwork". */
  component: string;
  schema: Schema;
  /** What is wrong beyond the single field. */
  problems(name: string, parsed: z.output<Schema>): Problem[];
  /** Every default explicit. */
  complete(name: string, parsed: z.output<Schema>): Settings;
  /** What is likely to go wrong, and is the user's to judge. */
  warnings(settings: NoInfer<Settings>): string[];
  /** What no other network of the program may have. Left out: nothing. */
  claims?(settings: NoInfer<Settings>): Claims;
  record(settings: NoInfer<Settings>): Record<string, unknown>;
}

/**
 * What every network begins with: its settings are read and completed, or refused with every problem at once; warnings
 * are told; and the settings are recorded, which refuses at preview a change that would break what runs.
 */
export function begin<Schema extends z.ZodType, Settings>(
  resource: pulumi.ComponentResource,
  name: string,
  args: unknown,
  rooms: Rooms<Schema, Settings>,
): { settings: Settings; warnings: string[]; recorded: NetworkRecord } {
  requirePlugin();
  const { network, component, schema, problems, complete, claims } = rooms;
  const beside = networksOf(pulumi.runtime.getStackResource());
  const parsed = parse(`${component} "${name}"`, schema, args, (read) => [
    ...problems(name, read),
    ...(claims ? besideProblems(claims(complete(name, read)), beside) : []),
  ]);
  const settings = complete(name, parsed);
  const claimed = claims?.(settings);
  const warnings = [...rooms.warnings(settings), ...(claimed ? besideWarnings(claimed, beside) : [])];
  for (const warning of warnings) pulumi.log.warn(warning, resource);
  if (claimed) beside.push(claimed);
  const recorded = new NetworkRecord(name, { network, settings: rooms.record(settings) }, { parent: resource });
  return { settings, warnings, recorded };
}
