import { z } from "zod";

/** A port, a selector or another word of a policy that cannot be read, with what was probably meant. */
export class ValueError extends Error {}

/** A value of a policy as it may be written: the value itself, or its text. Canonical text comes out. */
export function readable<T extends object>(type: { parse(text: string): T; prototype: T }) {
  const isValue = (value: unknown): value is T => Object.prototype.isPrototypeOf.call(type.prototype, value as object);
  // A bare number is no port, and is told so in the value's own words.
  const written = z.custom<T | string>((value) => isValue(value) || ["string", "number"].includes(typeof value));
  return written.transform((value, context) => {
    try {
      return String(isValue(value) ? value : type.parse(String(value).trim()));
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
}
