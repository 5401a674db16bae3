import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";

const toolchain = join(__dirname, "../../../toolchain");
const folder = mkdtempSync(join(tmpdir(), "podnet-machine-"));
const path = process.env.PATH;
let requireMachine: (modules: string[], tests?: boolean) => void;

beforeAll(async () => {
  ({ requireMachine } = await import(join(toolchain, "machine.mjs")));
});
afterEach(() => {
  process.env.PATH = path;
  vi.restoreAllMocks();
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A Go that says such a version, or what it says in its stead; the machine's own stands behind it on no PATH. */
function withGo(script: string): void {
  writeFileSync(join(folder, "go"), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, "go"), 0o755);
  process.env.PATH = `${folder}:/usr/bin:/bin:/usr/sbin:/sbin`;
}

const both = [join(toolchain, "cni"), join(toolchain, "pulumi")];

describe("what the machine lacks is one sentence, before anything is done", () => {
  test.each(["echo go version go1.26.0 linux/amd64", "echo go version go1.27rc1 linux/arm64"])(
    "%s will do",
    (script) => {
      withGo(script);
      expect(() => requireMachine(both)).not.toThrow();
    },
  );

  test("Debian's Go is too old, and says so", () => {
    withGo("echo go version go1.19.8 linux/amd64");
    expect(() => requireMachine(both)).toThrow(
      `podnet needs Go 1.26.0 or newer on the PATH (it builds what the lab runs, and the engine where that cannot be downloaded): ${folder}/go is 1.19.8.`,
    );
  });

  test("a Go that may not get the version a module asks for", () => {
    withGo('[ "$GOTOOLCHAIN" = local ] || exit 1; echo go version go1.22.1 linux/amd64');
    expect(() => requireMachine(both)).toThrow("is 1.22.1.");
  });

  test("when all is built, Go is not asked for", () => {
    withGo("exit 1");
    expect(() => requireMachine([])).not.toThrow();
  });

  test("no root and no Linux", () => {
    vi.spyOn(process, "getuid").mockReturnValue(1000);
    expect(() => requireMachine([])).toThrow(
      "podnet needs root (the lab makes namespaces and mounts): run it as root.",
    );
    vi.spyOn(process, "platform", "get").mockReturnValue("darwin");
    expect(() => requireMachine([])).toThrow("podnet needs Linux (the lab's nodes are Linux namespaces).");
  });
});
