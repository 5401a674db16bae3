import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type PulumiFn, type Stack } from "@pulumi/pulumi/automation";
import { Inventory } from "../../components";
import type { Lab, UpOptions } from "../../lab";
import { endLab, freshLab } from "./fresh-lab";

const project = join(__dirname, "../..");

/** A lab and a stack on it: the real engine, the real provider, real nodes. */
export interface Bed {
  lab: Lab;
  stack: Stack;
  /** The program that the next run executes. */
  program: { run: PulumiFn };
  inventory(only?: string[]): Inventory;
  end(): Promise<void>;
}

/** @param packages Debian packages that the nodes have besides those of a plain server */
export async function bed(name: string, nodes: UpOptions["nodes"], packages: readonly string[] = []): Promise<Bed> {
  const lab = await freshLab(name, nodes, packages);
  const folder = mkdtempSync(join(tmpdir(), `podnet-${name}-`));
  const program = { run: (async () => undefined) as PulumiFn };
  const stack = await LocalWorkspace.createStack(
    { stackName: name, projectName: "podnet-test", program: () => program.run() },
    { workDir: folder, pulumiHome: join(folder, "home"), envVars: environment(folder) },
  );
  return {
    lab,
    stack,
    program,
    inventory: (only) => {
      const whole = Inventory.fromFile(lab.inventoryFile);
      return only ? whole.only(only) : whole;
    },
    end: async () => {
      await endLab(name);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function environment(folder: string): Record<string, string> {
  return {
    PATH: `${join(project, "provider/plugin")}:${process.env.PATH}`,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

/** What a run of the engine printed when it failed. */
export async function failure(run: Promise<unknown>): Promise<string> {
  try {
    await run;
  } catch (error) {
    return String(error);
  }
  throw new Error("the run succeeded, and should have failed");
}
