import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";

interface Descriptor {
  digest: string;
  size: number;
  annotations?: Record<string, string>;
}

interface Layout {
  layer(contents: string): Promise<Descriptor>;
  image(names: string[], layers: Descriptor[], run: { environment?: string[]; command?: string[] }): void;
  write(archive: string): void;
}

const folder = mkdtempSync(join(tmpdir(), "podnet-oci-"));
const unpacked = join(folder, "unpacked");
let made: Descriptor[];
let again: Descriptor;

const json = (digest: string) => JSON.parse(readFileSync(join(unpacked, "blobs", digest.replace(":", "/")), "utf8"));
const index = () => JSON.parse(readFileSync(join(unpacked, "index.json"), "utf8")).manifests as Descriptor[];

beforeAll(async () => {
  const { Layout } = await import(join(__dirname, "../../../toolchain/oci.mjs"));
  for (const name of ["layout", "base", "own", "unpacked"]) mkdirSync(join(folder, name));
  writeFileSync(join(folder, "base/tool"), "tool");
  writeFileSync(join(folder, "own/program"), "program", { mode: 0o755 });
  const layout: Layout = new Layout(join(folder, "layout"));
  made = [await layout.layer(join(folder, "base")), await layout.layer(join(folder, "own"))];
  utimesSync(join(folder, "own/program"), 1, 1);
  again = await layout.layer(join(folder, "own"));
  layout.image(["here/one:1", "there/one:1"], made, { environment: ["SEEN=1"], command: ["/program"] });
  layout.image(["here/two:1"], made.slice(1), { command: ["/program"] });
  layout.write(join(folder, "images.tar"));
  execFileSync("tar", ["-xf", join(folder, "images.tar"), "-C", unpacked]);
});
afterAll(() => rmSync(folder, { recursive: true }));

test("an archive names every image as containerd looks for it, and has a shared layer once", () => {
  const names = index().map(({ annotations }) => annotations?.["io.containerd.image.name"]);
  expect(names).toEqual(["here/one:1", "there/one:1", "here/two:1"]);
  // Two layers, and a configuration and a manifest for each of two images.
  expect(readdirSync(join(unpacked, "blobs/sha256"))).toHaveLength(6);
});

test("every blob is what its name and its descriptor say", () => {
  for (const name of readdirSync(join(unpacked, "blobs/sha256"))) {
    const blob = readFileSync(join(unpacked, "blobs/sha256", name));
    expect(createHash("sha256").update(blob).digest("hex")).toBe(name);
  }
  const manifests = index().map(({ digest }) => json(digest));
  for (const { digest, size } of [...index(), ...manifests.flatMap(({ config, layers }) => [config, ...layers])])
    expect(statSync(join(unpacked, "blobs", digest.replace(":", "/"))).size).toBe(size);
});

test("an image has its layers in order, its environment and its command", () => {
  const { config, layers } = json(index()[0]?.digest ?? "");
  expect(layers).toEqual(made);
  const { rootfs, config: run } = json(config.digest);
  expect(rootfs.diff_ids).toEqual(made.map(({ digest }) => digest));
  expect(run).toMatchObject({ Cmd: ["/program"], Env: [expect.stringMatching(/^PATH=/), "SEEN=1"] });
});

test("the same files are the same layer, whenever they were written", () => {
  expect(again).toEqual(made[1]);
});
