import { join } from "node:path";
import { afterAll, afterEach, beforeAll } from "vitest";
import { Pool } from "../../../provider/ssh/pool";
import { makeKey, type Sshd, startSshd, workspace } from "./sshd";

/** What the tests of one file share. */
export interface World {
  readonly folder: { path: string };
  /** The key that logs in, in the folder. */
  readonly key: string;
  readonly sshd: Sshd;
  /** A pool of its own for each test. */
  readonly pool: Pool;
}

/** One sshd for a test file; all of it ends with the file. */
export function sshWorld(): World {
  const folder = workspace();
  const key = makeKey(join(folder.path, "key"));
  let sshd: Sshd;
  let pool = new Pool();
  beforeAll(async () => {
    sshd = await startSshd(folder.path, key);
  });
  afterEach(() => {
    pool.closeAll();
    pool = new Pool();
  });
  afterAll(async () => {
    await sshd.stop();
    folder.remove();
  });
  return {
    folder,
    key,
    get sshd() {
      return sshd;
    },
    get pool() {
      return pool;
    },
  };
}
