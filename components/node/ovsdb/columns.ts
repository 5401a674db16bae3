import { z } from "zod";
import type { Attribute } from "../item";

/** A value as ovs-vsctl prints it in JSON: an atom, or a set or a map of them (RFC 7047, 5.1). */
const atom = z.union([z.string(), z.number(), z.boolean(), z.tuple([z.literal("uuid"), z.string()])]);
export const datum = z.union([
  atom,
  z.tuple([z.literal("set"), z.array(atom)]),
  z.tuple([z.literal("map"), z.array(z.tuple([atom, atom]))]),
]);
export type Datum = z.output<typeof datum>;

/** A column of a table: what a state may say of it, and how it becomes an attribute and a word for ovs-vsctl. */
export interface Column<Schema extends z.ZodType = z.ZodType> {
  schema: Schema;
  /** What a state says, as an attribute; what it does not say is the column's default, so that nothing stays behind. */
  attribute(said: z.output<Schema>): Attribute;
  read(found: Datum): Attribute;
  /** What stands behind `=` in `ovs-vsctl set`. */
  write(value: Attribute): string;
}

const line = z.string().regex(/^[^\p{Cc}]+$/u, "one line, without control characters");
export const key = z.string().regex(/^[\w.-]{1,64}$/, "a key has letters, digits and _.-");

/** All members of a set; an atom is a set of one. */
export function members(found: Datum): string[] {
  if (!Array.isArray(found)) return [String(found)];
  if (found[0] === "set") return found[1].map((one) => (Array.isArray(one) ? one[1] : String(one)));
  return found[0] === "uuid" ? [found[1]] : [];
}

/** The entries of a map, a line each, in the order of their keys. */
export function entries(found: Datum): string[] {
  if (!Array.isArray(found) || found[0] !== "map") return [];
  return found[1].map((pair) => pair.map((one) => (Array.isArray(one) ? one[1] : one)).join("=")).sort();
}

/** "a=b" as its two sides. */
export function pairOf(entry: string): [key: string, value: string] {
  const at = entry.indexOf("=");
  return [entry.slice(0, at), entry.slice(at + 1)];
}

const quoted = (value: unknown) => JSON.stringify(String(value));
const numerically = (left: string, right: string) => Number(left) - Number(right);
const list = (value: Attribute) => (value ?? []) as string[];
const first = (found: Datum) => members(found)[0];

/** Text of which there may be none. */
export const text = {
  schema: line.optional(),
  attribute: (said) => said ?? null,
  read: (found) => first(found) || null,
  write: (value) => (value === null ? "[]" : quoted(value)),
} satisfies Column<z.ZodOptional<z.ZodString>>;

/** Text whose default is the empty one. */
export const word = {
  ...text,
  write: (value) => quoted(value ?? ""),
} satisfies Column<z.ZodOptional<z.ZodString>>;

/** A number of which there may be none. */
export const number = {
  schema: z.int().min(0).optional(),
  attribute: (said) => said ?? null,
  read: (found) => (first(found) === undefined ? null : Number(first(found))),
  write: (value) => (value === null ? "[]" : String(value)),
} satisfies Column<z.ZodOptional<z.ZodInt>>;

/** A number whose default is 0. */
export const count = {
  schema: z.int().min(0).default(0),
  attribute: (said) => said,
  read: (found) => Number(first(found) ?? 0),
  write: (value) => String(value ?? 0),
} satisfies Column<z.ZodDefault<z.ZodInt>>;

export const flag = {
  schema: z.boolean().default(false),
  attribute: (said) => said,
  read: (found) => first(found) === "true",
  write: (value) => String(value === true),
} satisfies Column<z.ZodDefault<z.ZodBoolean>>;

export const texts = {
  schema: z.array(line).default([]),
  attribute: (said) => [...said].sort(),
  read: (found) => members(found).sort(),
  write: (value) => `[${list(value).map(quoted).join(",")}]`,
} satisfies Column<z.ZodDefault<z.ZodArray<z.ZodString>>>;

export const numbers = {
  schema: z.array(z.int().min(0)).default([]),
  attribute: (said) => said.map(String).sort(numerically),
  read: (found) => members(found).sort(numerically),
  write: (value) => `[${list(value).join(",")}]`,
} satisfies Column<z.ZodDefault<z.ZodArray<z.ZodInt>>>;

export const map = {
  schema: z.record(key, line).default({}),
  attribute: (said) => lines(said),
  read: entries,
  write: (value) => `{${list(value).map(assignment).join(",")}}`,
} satisfies Column<z.ZodDefault<z.ZodRecord<z.ZodString, z.ZodString>>>;

/** A record as the lines that an attribute can hold. */
export function lines(record: Readonly<Record<string, string>>): string[] {
  return Object.entries(record)
    .map((pair) => pair.join("="))
    .sort();
}

function assignment(entry: string): string {
  return pairOf(entry).map(quoted).join("=");
}
