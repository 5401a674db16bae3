#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Command, type CommanderError } from "commander";
import { pool } from "../provider/ssh/pool";
import { startTrace } from "../provider/trace";
import { diffCommand } from "./diff/command";
import { doctorCommand } from "./doctor/command";
import { importCommand } from "./import/command";
import { labCommand } from "./lab/command";
import { reachCommand } from "./reach/command";
import { reportCommand } from "./report/command";
import { verifyCommand } from "./verify/command";

/** Beside dist, in the project as in the installed package. */
const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as { version: string };

const program = new Command("podnet")
  .description("pod networks on bare-metal nodes: try them, prove them, examine nodes")
  .version(version)
  .addCommand(diffCommand())
  .addCommand(verifyCommand())
  .addCommand(doctorCommand())
  .addCommand(reachCommand())
  .addCommand(reportCommand())
  .addCommand(importCommand())
  .addCommand(labCommand());

/** Exit code 1 says that something was found; 2 that the command could not do its work. */
const notDone = 2;

function withExitCodes(command: Command): void {
  command.exitOverride(({ exitCode }: CommanderError) => process.exit(exitCode === 0 ? 0 : notDone));
  for (const inner of command.commands) withExitCodes(inner as Command);
}
withExitCodes(program);
program.hook("preAction", () => startTrace());

program
  .parseAsync()
  .catch((error: Error) => {
    console.error(error.message);
    process.exitCode = notDone;
  })
  .finally(() => pool.closeAll());
