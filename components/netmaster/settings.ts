import { z } from "zod";
import { connection } from "../node/connection";
import { text } from "../node/words";
import { type Collection, collections } from "./collections";

/** Where netmaster answers. */
export const netmasterUrl = z
  .string()
  .regex(/^http:\/\/[\w.:[\]-]+$/, 'an address such as "http://192.0.2.10:9999", without a path');

/** What a NetmasterObject is given. */
export const netmasterObjectSettings = z.strictObject({
  /** The node that speaks to netmaster. Not the object's identity: another one changes nothing. */
  node: z.string().min(1),
  connection,
  /** netmaster's REST API (plain HTTP, without users), as that node reaches it. */
  url: netmasterUrl,
  /** As the API calls it. Another one is another object. */
  collection: z.enum(Object.keys(collections) as [Collection, ...Collection[]]),
  /** Names from the outermost in, such as "default:web". Another key is another object. */
  key: z.string().regex(/^[\w.-]+(:[\w.-]+)*$/, 'names with colons between them, such as "default:web"'),
  /** The object's fields by netmaster's own names. Fields that are not named here are netmaster's. */
  value: z.record(z.string(), z.union([text, z.number(), z.array(text)])),
});

export type NetmasterObjectSettings = z.output<typeof netmasterObjectSettings>;
export type NetmasterObjectInput = z.input<typeof netmasterObjectSettings>;
