import { createRequire } from "node:module";
import { RunError } from "@pulumi/pulumi/errors";

/** A cloud's SDK is only for whoever has that cloud. Says in one sentence how to get it, instead of a stack. */
export function requireSdk(entry: string, name: string, range: string): void {
  try {
    createRequire(__filename).resolve(name);
  } catch {
    throw new RunError(`podnet/${entry} needs ${name}, which is not installed: npm install ${name}@${range}`);
  }
}
