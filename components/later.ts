import { z } from "zod";

/** What a program may say where a value is known only once something else is made: any `pulumi.Input`. */
export type Later<T> = T | Promise<T> | { apply<U>(use: (value: T) => U): unknown };

/** Known by its mark, so that this file needs no engine. */
function isLater(value: unknown): boolean {
  return value instanceof Promise || (typeof value === "object" && value !== null && "__pulumiOutput" in value);
}

/** A value that this schema takes, or one that is not there yet and that nobody can look at. */
export function later<T extends z.ZodType>(schema: T) {
  return z.union([schema, z.custom<Exclude<Later<z.input<T>>, z.input<T>>>(isLater)]);
}
