import { spawn } from "node:child_process";

/** What a script printed and how it ended. */
export interface Outcome {
  code: number;
  stdout: string;
  stderr: string;
}

export interface ShellOptions {
  /**
   * A command that ends in a shell that reads its script on stdin.
   *
   * @default /bin/sh -s on this machine, which ends with this process: whoever takes up its work is not disturbed
   */
  through?: readonly string[];
  /** @default 300 */
  timeoutSeconds?: number;
}

/** Runs a script; the script goes in on stdin, so nothing of it shows in a process list. */
export function shell(
  script: string,
  { through = ["setpriv", "--pdeathsig", "KILL", "/bin/sh", "-s"], timeoutSeconds = 300 }: ShellOptions = {},
): Promise<Outcome> {
  const [command = "/bin/sh", ...argv] = through;
  return new Promise((resolve, reject) => {
    const child = spawn(command, argv, {
      stdio: ["pipe", "pipe", "pipe"],
      env: { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", LC_ALL: "C.UTF-8", HOME: "/root" },
      timeout: timeoutSeconds * 1000,
      killSignal: "SIGKILL",
    });
    const stdout: Buffer[] = [];
    const stderr: Buffer[] = [];
    child.stdout.on("data", (chunk: Buffer) => stdout.push(chunk));
    child.stderr.on("data", (chunk: Buffer) => stderr.push(chunk));
    child.stdin.on("error", () => undefined);
    child.on("error", reject);
    child.on("close", (code, signal) => {
      const text = Buffer.concat(stderr).toString();
      resolve({
        code: code ?? 128,
        stdout: Buffer.concat(stdout).toString(),
        stderr: signal ? `${text}ended by ${signal} (limit: ${timeoutSeconds} s)\n` : text,
      });
    });
    child.stdin.end(script);
  });
}

/** Runs a script that has to work. `doing` completes the sentence "lab: cannot ...". */
export async function must(doing: string, script: string, options?: ShellOptions): Promise<string> {
  const { code, stdout, stderr } = await shell(script, options);
  if (code !== 0) throw new Error(`lab: cannot ${doing} (exit ${code}): ${(stderr || stdout).trim().slice(-2000)}`);
  return stdout;
}
