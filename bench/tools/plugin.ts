import { appendFileSync } from "node:fs";
import { resources } from "../../provider/resources";
import "../../provider/main";

// podnet's own plugin, which also writes down when it worked on nodes: a line a call, with its beginning and its end.

export interface Call {
  method: string;
  /** Milliseconds since 1970. */
  began: number;
  ended: number;
}

const file = process.env.PODNET_BENCH_CALLS;
const handler = resources["podnet:index:NodeState"];
if (file && handler) {
  for (const method of ["create", "read", "update", "delete"] as const) {
    const work = handler[method] as (...words: unknown[]) => Promise<unknown>;
    const timed = async (...words: unknown[]) => {
      const began = Date.now();
      try {
        return await work(...words);
      } finally {
        const call: Call = { method, began, ended: Date.now() };
        appendFileSync(file, `${JSON.stringify(call)}\n`);
      }
    };
    Object.assign(handler, { [method]: timed });
  }
}
