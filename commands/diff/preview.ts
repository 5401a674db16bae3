import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { text } from "node:stream/consumers";
import { refuseStack } from "../stack/export";

/** A preview's JSON: of a file, of the standard input ("-"), or of `pulumi preview`, run here. */
export async function readPreview(file: string | undefined, stack: string | undefined): Promise<string> {
  if (file !== undefined) refuseStack(file, stack);
  if (file === "-") return text(process.stdin);
  return file === undefined ? runPreview(stack) : readFile(file, "utf8");
}

/** A preview that is refused ends with an error, and prints why all the same. */
async function runPreview(stack: string | undefined): Promise<string> {
  const words = ["preview", "--json", "--show-sames", "--non-interactive", ...(stack ? ["--stack", stack] : [])];
  const child = spawn("pulumi", words, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(child, "close");
  const [[code], output, complaints] = await Promise.all([ended, text(child.stdout), text(child.stderr)]).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
      throw new Error("the command pulumi is not on PATH; run this by npm in the project, or give a preview's file", {
        cause: error,
      });
    },
  );
  if (code !== 0 && !/^\{/m.test(output))
    throw new Error(`pulumi preview failed: ${complaints.trim() || output.trim()}`);
  return output;
}
