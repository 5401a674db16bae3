import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { ScriptResult } from "../../../provider/ssh/session";

/** What /bin/sh may be on a node: dash (Debian, Ubuntu), bash (RHEL, SUSE, Arch), BusyBox (Alpine). */
export const shells = { dash: "/usr/bin/dash", bash: "/usr/bin/bash", busybox: "/usr/bin/busybox" } as const;
export type Shell = keyof typeof shells;

/**
 * A node as far as scripts see one: namespaces of its own with nothing under /var/lib, /run and /opt, without systemd,
 * and with the /bin/sh that is asked for. All of it ends with the box.
 */
export class Box {
  private constructor(
    private readonly unshare: ChildProcess,
    private readonly init: string,
  ) {}

  static async open(shell: Shell = "dash"): Promise<Box> {
    const inside = [
      "mount -t tmpfs tmpfs /run && mount -t tmpfs tmpfs /var/lib && mount -t tmpfs tmpfs /opt && ip link set lo up",
      `mount --bind ${shells[shell]} /bin/sh`,
      // It reaps what is orphaned, as an init does.
      "echo ready; sleep infinity & wait $!",
    ];
    const flags = ["--mount", "--net", "--pid", "--fork", "--kill-child", "--mount-proc"];
    const unshare = spawn("unshare", [...flags, "/usr/bin/bash", "-ec", inside.join("\n")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(unshare.stdout, "data");
    const [init = ""] = readFileSync(`/proc/${unshare.pid}/task/${unshare.pid}/children`, "utf8").trim().split(" ");
    return new Box(unshare, init);
  }

  /** Runs a script as sshd would: by /bin/sh -s, in a session of its own, or by another line in its place. */
  async run(script: string, line = "exec setsid --wait /bin/sh -s"): Promise<ScriptResult> {
    const child = spawn("nsenter", ["-t", this.init, "--mount", "--net", "--pid", "/usr/bin/bash", "-c", line], {
      // What a test puts in the place of a tool.
      env: { ...process.env, PATH: `/opt/bin:${process.env.PATH}` },
    });
    const [stdout, stderr] = [child.stdout, child.stderr].map((stream) => {
      const chunks: Buffer[] = [];
      stream.on("data", (chunk: Buffer) => chunks.push(chunk));
      return () => Buffer.concat(chunks).toString();
    }) as [() => string, () => string];
    child.stdin.on("error", () => undefined);
    child.stdin.end(script);
    const [code, signal] = await once(child, "exit");
    child.stdout.destroy();
    child.stderr.destroy();
    return { code: code ?? (signal === "SIGKILL" ? 137 : 128), stdout: stdout(), stderr: stderr() };
  }

  /** What a script prints that must end well. */
  async say(script: string): Promise<string> {
    const { code, stdout, stderr } = await this.run(script);
    if (code !== 0) throw new Error(`${script} ended with ${code}: ${stderr}`);
    return stdout;
  }

  /** Lets what sleeps for so many seconds sleep until it is woken: a window that ends when a test says so. */
  async holdSleep(seconds: number): Promise<() => Promise<string>> {
    const held = `case $1 in ${seconds}) until [ -e /run/awake ]; do /usr/bin/sleep 0.05; done; exit ;; esac`;
    const lines = ["#!/bin/sh", held, 'exec /usr/bin/sleep "$@"'];
    const file = "/opt/bin/sleep";
    await this.say(`mkdir -p /opt/bin; cat > ${file} <<'END'\n${lines.join("\n")}\nEND\nchmod +x ${file}`);
    return () => this.say("touch /run/awake");
  }

  close(): void {
    this.unshare.kill("SIGKILL");
  }
}
