import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import * as k8s from "@pulumi/kubernetes";
import { expect } from "vitest";
import type { Lab } from "../../../lab";
import { must } from "../handmade";
import { kubectl } from "./web";

/** An image whose programs print how they were called, in which environment and with which mounts. */
export interface Recorded {
  names: string[];
  /**
   * Paths of programs in the image, by what they do besides: nothing, end at once, answer 200 at a port and path, or
   * lines of shell, in which $b is busybox.
   */
  programs: Record<string, "lasts" | "ends" | { port: number; path: string } | { shell: string }>;
  /** Further programs, which print nothing of their own. */
  files?: Record<string, string>;
  entrypoint?: string[];
}

/** Programs of busybox under their own names, for scripts that are not ours. */
export function applets(...names: string[]): Record<string, string> {
  return Object.fromEntries(
    names.map((name) => [`/bin/${name}`, `#!/bin/busybox sh\nexec /bin/busybox ${name} "$@"\n`]),
  );
}

/** A program that makes something on the lab's cluster. */
export function onCluster(lab: Lab, make: (provider: k8s.Provider) => void) {
  return async () => make(new k8s.Provider("cluster", { kubeconfig: lab.kubeconfigFile }));
}

/** What a container printed, line by line, once it has printed all of it. */
export async function said(lab: Lab, selector: string, container: string): Promise<string[]> {
  let text = "";
  const logs = async () => {
    text = await kubectl(lab, `logs -n kube-system -l ${selector} -c ${container} --tail=-1`).catch(String);
    return text;
  };
  await expect.poll(logs, { timeout: 240_000 }).toContain("recorded");
  return text.split("\n");
}

interface Layout {
  layer(folder: string): Promise<object>;
  image(names: string[], layers: object[], run: object): void;
  write(archive: string): void;
}

/** Gives a node images of ours under upstream's names, whose programs say what they were given. */
export async function giveRecorders(lab: Lab, node: string, recorders: readonly Recorded[]): Promise<void> {
  const { Layout } = (await import(join(__dirname, "../../../toolchain/oci.mjs"))) as {
    Layout: new (folder: string) => Layout;
  };
  const folder = mkdtempSync(join(tmpdir(), "podnet-recorder-"));
  try {
    const base = join(folder, "base");
    execFileSync("mmdebstrap", [
      "--quiet",
      "--mode=root",
      "--variant=extract",
      "--include=busybox-static",
      "bookworm",
      base,
    ]);
    mkdirSync(join(folder, "layout"));
    const layout = new Layout(join(folder, "layout"));
    for (const [index, { names, programs, files: others = {}, entrypoint }] of recorders.entries()) {
      const files = join(folder, `image-${index}`);
      put(join(files, "bin/busybox"), readFileSync(join(base, "bin/busybox")));
      for (const [path, way] of Object.entries(programs)) put(join(files, path), script(path, way));
      for (const [path, content] of Object.entries(others)) put(join(files, path), content);
      layout.image(names, [await layout.layer(files)], { entrypoint });
    }
    const archive = join(folder, "images.tar");
    layout.write(archive);
    const text = execFileSync("sh", ["-c", `gzip < ${archive} | base64`], { encoding: "utf8", maxBuffer: 2 ** 28 });
    await must(
      lab,
      node,
      `base64 -d <<'END' | gzip -d > /run/recorders.tar\n${text}END\nctr -n k8s.io images import /run/recorders.tar && rm /run/recorders.tar`,
      600,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function put(path: string, content: string | Buffer): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, content);
  chmodSync(path, 0o755);
}

function script(path: string, way: Recorded["programs"][string]): string {
  return `#!/bin/busybox sh
b=/bin/busybox
echo "called ${path} $*"
$b env | $b sed 's/^/env /'
$b awk '$2 ~ /^\\// { print "mount " $2 " " substr($4, 1, 2) }' /proc/mounts
echo recorded
${besides(way)}
${way === "ends" ? "exit 0" : "exec $b sleep 100000"}
`;
}

function besides(way: Recorded["programs"][string]): string {
  if (typeof way === "string") return "true";
  if ("shell" in way) return way.shell;
  return `$b mkdir -p /www; echo ok > /www/${way.path}; $b httpd -p ${way.port} -h /www`;
}
