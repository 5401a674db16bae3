import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";

export interface Measured {
  seconds: number;
  /** The largest sum of resident memory of the command and everything it started, looked at ten times a second. */
  peakMemoryBytes: number;
  output: string;
}

export interface MeasureOptions {
  cwd: string;
  environment?: NodeJS.ProcessEnv;
}

const pageBytes = 4096;

/** Runs a command to its end, and fails with what it printed when it fails. */
export async function measure(command: string, words: string[], options: MeasureOptions): Promise<Measured> {
  const { cwd, environment } = options;
  const started = performance.now();
  const child = spawn(command, words, {
    cwd,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  let peakMemoryBytes = 0;
  const look = setInterval(() => {
    peakMemoryBytes = Math.max(peakMemoryBytes, memoryOfTree(child.pid as number));
  }, 100);
  try {
    const [code] = (await once(child, "close")) as [number | null];
    const seconds = (performance.now() - started) / 1000;
    if (code !== 0) throw new Error(`${command} ${words.join(" ")} ended with ${code}:\n${output.slice(-6000)}`);
    return { seconds, peakMemoryBytes, output };
  } finally {
    clearInterval(look);
  }
}

/** Pages that processes share are counted in each: never less than what is used. */
function memoryOfTree(pid: number): number {
  const own = Number(read(`/proc/${pid}/statm`).split(" ")[1] ?? 0) * pageBytes;
  return childrenOf(pid).reduce((sum, child) => sum + memoryOfTree(child), own);
}

/** Of every thread: the engine starts its plugins from whichever one runs at the moment. */
function childrenOf(pid: number): number[] {
  return threadsOf(pid).flatMap((thread) =>
    read(`/proc/${pid}/task/${thread}/children`).split(" ").filter(Boolean).map(Number),
  );
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`);
  } catch {
    return [];
  }
}

/** A process that ended meanwhile uses nothing. */
function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}
