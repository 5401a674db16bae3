import { mkdir, readdir, readFile, readlink, rename, rm, rmdir, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { slots } from "./address";

/** Where labs keep their keys, node disks and inventory; nothing of a lab is on a disk elsewhere. */
export const labsFolder = "/var/lib/podnet-lab";
const slotFolder = join(labsFolder, ".slots");

const record = z.strictObject({
  name: z.string(),
  slot: z
    .int()
    .min(0)
    .max(slots - 1),
  nodes: z.array(
    z.strictObject({
      name: z.string(),
      segment: z.enum(["a", "b"]),
      kind: z.enum(["full", "light", "kubernetes"]),
      secondNic: z.boolean(),
      host: z.int(),
    }),
  ),
});

/** lab.json: which nodes the lab has. Written before anything is made, so that a lab killed half made can be removed. */
export type LabRecord = z.output<typeof record>;

export function labFolder(name: string): string {
  if (!/^[a-z][a-z0-9-]{0,23}$/.test(name)) {
    throw new Error(`lab "${name}": a lab's name is 1 to 24 lower-case letters, digits and "-", a letter first`);
  }
  return join(labsFolder, name);
}

export function nodeFolder(lab: string, node: string): string {
  return join(labFolder(lab), "nodes", node);
}

export async function readRecord(name: string): Promise<LabRecord | undefined> {
  try {
    return record.parse(JSON.parse(await readFile(join(labFolder(name), "lab.json"), "utf8")));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

export async function writeRecord(lab: LabRecord): Promise<void> {
  await replaceFile(join(labFolder(lab.name), "lab.json"), `${JSON.stringify(lab, undefined, 2)}\n`);
}

/** Writes beside and renames: a reader, or a killed writer, never leaves half a file. */
export async function replaceFile(path: string, text: string, mode = 0o644): Promise<void> {
  await writeFile(`${path}.new`, text, { mode });
  await rename(`${path}.new`, path);
}

/** Names of the labs that are there, whole or half made. */
export async function labNames(): Promise<string[]> {
  const entries = await readdir(labsFolder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith(".")).map((entry) => entry.name);
}

/** The slot of a lab: "lab" has 0, others the lowest free one. A slot is a symbolic link, which only one can create. */
export async function claimSlot(name: string): Promise<number> {
  const held = await slotOf(name);
  if (held !== undefined) return held;
  for (let slot = name === "lab" ? 0 : 1; slot < (name === "lab" ? 1 : slots); slot++) {
    const link = join(slotFolder, String(slot));
    for (let attempt = 0; attempt < 3; attempt++) {
      await mkdir(slotFolder, { recursive: true });
      try {
        await symlink(name, link);
        return slot;
      } catch (error) {
        const { code } = error as NodeJS.ErrnoException;
        // The last other lab went down meanwhile, and took the empty folder along.
        if (code === "ENOENT") continue;
        if (code !== "EEXIST") throw error;
        // A lab makes its folder before it takes a slot, so a holder without a folder was killed while it went down.
        const holder = await readlink(link).catch(() => undefined);
        if (holder === undefined || (await labNames()).includes(holder)) break;
        await rm(link, { force: true });
      }
    }
  }
  throw new Error(`no address slot is free for lab "${name}": ${slots} labs are up; take one down first`);
}

export async function slotOf(name: string): Promise<number | undefined> {
  for (const slot of await readdir(slotFolder).catch(() => [])) {
    if ((await readlink(join(slotFolder, slot)).catch(() => undefined)) === name) return Number(slot);
  }
  return undefined;
}

/** Removes the lab's folder and slot, and the folder of all labs when this was the last. */
export async function forget(name: string): Promise<void> {
  await rm(labFolder(name), { recursive: true, force: true });
  const slot = await slotOf(name);
  if (slot !== undefined) await rm(join(slotFolder, String(slot)), { force: true });
  for (const folder of [slotFolder, labsFolder]) await rmdir(folder).catch(() => undefined);
}

/** Beside the labs and not in one: it outlives the folder that `down` removes. */
export function lockFile(name: string): string {
  return `/run/podnet-lab-${name}.lock`;
}
