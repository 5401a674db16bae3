import { z } from "zod";

/** One file with definitions. */
const file = z
  .strictObject({
    /** SHA-256 of the file, in hexadecimal digits: `sha256sum`, where you trust the file. */
    sha256: z.string().regex(/^[0-9a-f]{64}$/, "a SHA-256 in 64 hexadecimal digits"),
    url: z.url({ protocol: /^https?$/ }).optional(),
    /** Path of the file beside the program. */
    localPath: z.string().min(1).optional(),
  })
  .refine(({ url, localPath }) => Boolean(url) !== Boolean(localPath), "give either url or localPath");
export type CrdFile = z.output<typeof file>;

/**
 * The files with definitions of the release, or `"present"` when somebody else keeps them. podnet ships no copy: they are
 * of the release, and change with it.
 */
export const crds = z.union([z.literal("present"), z.array(file).min(1)]);
