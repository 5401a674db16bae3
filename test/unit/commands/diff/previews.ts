import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { readDigest } from "../../../../commands/diff/digest";

const folder = join(__dirname, "recorded");

/** Previews of the real engine, as test/engine/previews.test.ts records them. */
export const names = readdirSync(folder).map((file) => basename(file, ".json"));
export const textOf = (name: string) => readFileSync(join(folder, `${name}.json`), "utf8");
export const recorded = (name: string) => readDigest(textOf(name));
