import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { hasHiddenSecret, resourcesOf, type StackResource } from "./state";

const run = promisify(execFile);

/** The resources of a type in a stack's state, by `pulumi stack export` in the current folder's project. */
export async function stackResources(stack: string | undefined, type: string): Promise<StackResource[]> {
  const resources = resourcesOf(await exported(stack), type);
  // Secrets are asked for only where one is in the way: it takes the stack's passphrase or its key service.
  return hasHiddenSecret(resources) ? resourcesOf(await exported(stack, ["--show-secrets"]), type) : resources;
}

/** What `pulumi stack export` prints of a stack, its secrets encrypted. */
export async function exported(stack: string | undefined, more: string[] = []): Promise<string> {
  const words = ["stack", "export", "--non-interactive", ...(stack ? ["--stack", stack] : []), ...more];
  try {
    return (await run("pulumi", words, { maxBuffer: 1024 ** 3 })).stdout;
  } catch (error) {
    const { code, stderr } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === "ENOENT")
      throw new Error(
        "the command pulumi is not on PATH; run this by npm in the project, or without a stack: by a file",
        {
          cause: error,
        },
      );
    // The error's own message would repeat the state that was read so far.
    throw new Error(`pulumi stack export failed: ${stderr?.trim() || String(code)}`, { cause: code });
  }
}

/** A file is of one stack; another that is named beside it would be passed by. */
export function refuseStack(file: string, stack: string | undefined): void {
  if (stack !== undefined)
    throw new Error(
      `--stack ${stack} says which stack pulumi is asked about, and ${file} is read instead; leave one out`,
    );
}
