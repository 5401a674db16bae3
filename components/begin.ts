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
  const cluster = resource.getProvider("kubernetes:core/v1:Namespace");
  const claimed = (made: Settings): Claims[] => (claims ? [{ ...claims(made), cluster }] : []);
  const parsed = parse(`${component} "${name}"`, schema, args, (read) => [
    ...problems(name, read),
    ...claimed(complete(name, read)).flatMap((own) => besideProblems(own, beside)),
  ]);
  const settings = complete(name, parsed);
  const own = claimed(settings);
  const warnings = [...rooms.warnings(settings), ...own.flatMap((one) => besideWarnings(one, beside))];
  for (const warning of warnings) pulumi.log.warn(warning, resource);
  beside.push(...own);
  const recorded = new NetworkRecord(name, { network, settings: rooms.record(settings) }, { parent: resource });
  return { settings, warnings, recorded };
}
