import { z } from "zod";
import { artifact } from "../cni";

/** One file with definitions. */
export type CrdFile = z.output<typeof artifact>;

/**
 * The files with definitions of the release, or `"present"` when somebody else keeps them. podnet ships no copy: they are
 * of the release, and change with it.
 */
export const crds = z.union([z.literal("present"), z.array(artifact).min(1)]);
