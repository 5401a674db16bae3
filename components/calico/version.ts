import { z } from "zod";
import { isOlder } from "../cni";

/** A release of Calico. */
export const version = z.string().regex(/^v\d+\.\d+\.\d+$/, 'a release such as "v3.32.1"');

/** Whether a release of Calico has something that came with another. */
export function since(release: string, first: string): boolean {
  return !isOlder(release.slice(1), first);
}
