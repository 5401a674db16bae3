import { z } from "zod";
import { AddressError, Cidr, IpAddress } from "./cidr";

function readable<T>(parse: (text: string) => T) {
  return z.string().transform((text, context) => {
    try {
      return String(parse(text.trim()));
    } catch (error) {
      if (!(error instanceof AddressError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
}

/** A network in canonical text; what is not one is refused with what was probably meant. */
export const cidr = readable(Cidr.parse);

/** One address in canonical text. */
export const ipAddress = readable(IpAddress.parse);

/** One value, or one for each address family. */
export function oneOrMore<T extends z.ZodType>(item: T) {
  return z.union([item.transform((one) => [one]), z.array(item)]);
}
