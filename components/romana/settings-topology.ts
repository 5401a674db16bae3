import { z } from "zod";
import { ipAddress } from "../addresses/schema";

export const networkName = z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, "lower-case letters, digits and dashes");

const nodeLabels = z.record(z.string(), z.string());

/** A part of the range: hosts that are in it, further parts, or, when it has neither, room for hosts to come. */
export interface Group {
  name?: string | undefined;
  /** Labels of nodes that come into it. */
  assignment?: Record<string, string> | undefined;
  groups?: Group[] | undefined;
  hosts?: { name: string; ip: string }[] | undefined;
}

const group: z.ZodType<Group> = z.lazy(() =>
  z
    .strictObject({
      name: z.string().optional(),
      assignment: nodeLabels.optional(),
      groups: z.array(group).optional(),
      hosts: z.array(z.strictObject({ name: z.string().min(1), ip: ipAddress })).optional(),
    })
    .refine(({ groups, hosts }) => !(groups && hosts), "give either groups or hosts"),
);

/** How Romana divides a range among hosts. */
export const topology = z.discriminatedUnion("type", [
  /** Each node of the inventory has a subnet of its own, which podnet plans and routes lead to. */
  z.strictObject({ type: z.literal("nodes") }),
  /** So many groups, which nodes come into one after another. */
  z.strictObject({
    type: z.literal("groups"),
    /** @default 8, Romana's for kubeadm */
    groups: z.int().min(1).max(1024).default(8),
  }),
  /** Groups in each zone, by the nodes' label. */
  z.strictObject({
    type: z.literal("zones"),
    zones: z.array(z.string().min(1)).min(1),
    /** @default "topology.kubernetes.io/zone" */
    label: z.string().min(1).default("topology.kubernetes.io/zone"),
    /** In each zone. @default 8, Romana's for kops */
    groups: z.int().min(1).max(1024).default(8),
  }),
  /** Written out, as Romana has it. */
  z.strictObject({
    type: z.literal("map"),
    maps: z.array(z.strictObject({ networks: z.array(networkName).min(1), map: z.array(group).min(1) })).min(1),
  }),
]);
