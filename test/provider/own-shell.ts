import { execFile } from "node:child_process";
import type { ScriptResult, SessionPool } from "../../provider/ssh/session";

/** A node that is this machine: its scripts are run by its own shell, with its own curl. */
export function ownShell(): { pool: SessionPool; scripts: string[] } {
  const scripts: string[] = [];
  const session = {
    hostKey: "ssh-ed25519 AAAA",
    run: (script: string) =>
      new Promise<ScriptResult>((done) => {
        scripts.push(script);
        const child = execFile("/bin/sh", ["-s"], (error, stdout, stderr) =>
          done({ code: error ? Number(error.code) : 0, stdout, stderr }),
        );
        child.stdin?.end(script);
      }),
  };
  return { pool: { use: async () => session } as unknown as SessionPool, scripts };
}
