import { readFileSync } from "node:fs";
import { join } from "node:path";
import { resources } from "./resources";
import { serve } from "./serve";
import { limitConcurrency, pool } from "./ssh/pool";
import { startTrace } from "./trace";

const { version } = JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")) as { version: string };

try {
  startTrace();
} catch (error) {
  process.stderr.write(`podnet: ${(error as Error).message}\n`);
  process.exit(1);
}
serve(
  {
    name: "podnet",
    version,
    tokens: Object.keys(resources),
    handlerOf(token) {
      const handler = resources[token];
      if (!handler) throw new Error(`podnet has no resource ${token}; it has ${Object.keys(resources).join(", ")}`);
      return handler;
    },
  },
  {
    configured: ({ sshConcurrency }) => limitConcurrency(sshConcurrency),
    close: () => pool.closeAll(),
  },
);
