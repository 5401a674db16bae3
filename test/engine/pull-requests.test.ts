import { spawn } from "node:child_process";
import { once } from "node:events";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { LineCounter, parseDocument } from "yaml";

// The workflows of docs/pull-requests: their YAML is read strictly, and their shell steps run with a preview that the
// engine made. In the place of `npm exec` stands podnet with that preview, and in that of the forges a program and a
// server that keep one comment.

const project = join(__dirname, "../..");
const read = (name: string) => readFileSync(join(project, "docs/pull-requests", name), "utf8");
const parsed = (name: string) =>
  parseDocument(read(name), { strict: true, uniqueKeys: true, lineCounter: new LineCounter() });

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "podnet-workflow-"));
  program(
    "gh",
    `case "$*" in *--jq*) cat id 2>/dev/null || true;; *POST*) echo 7 >id; cp comment.md posted; echo POST >>calls;; *PATCH*comments/7*) cp comment.md posted; echo PATCH >>calls;; esac`,
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function program(name: string, script: string): void {
  writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
  chmodSync(join(folder, name), 0o755);
}

/** `npm ci` does nothing; `npm exec -- podnet diff …` is podnet with a preview of the real engine. */
function previewing(name: string): void {
  const preview = join(project, "test/unit/commands/diff/recorded", `${name}.json`);
  const podnet = `${process.execPath} ${join(project, "dist/commands/podnet.js")}`;
  program(
    "npm",
    `[ "$1" = exec ] || exit 0\nshift 4\n[ "$1" = --stack ] && shift 2\nexec ${podnet} diff ${preview} "$@"`,
  );
}

async function run(script: string, environment: Record<string, string>) {
  const env = { ...process.env, PATH: `${folder}:${process.env.PATH}`, STACK: "rack1", ...environment };
  const child = spawn("bash", ["-e", "-o", "pipefail", "-c", script], { cwd: folder, env });
  const [[code], output] = await Promise.all([once(child, "close"), text(child.stderr)]);
  return { code: code as number, output };
}

const kept = (file: string) => readFileSync(join(folder, file), "utf8");

test.each(["github.yml", "gitlab.yml"])("%s is strict YAML without a doubled key", (name) => {
  const document = parsed(name);
  expect([...document.errors, ...document.warnings]).toEqual([]);
});

describe("GitHub", () => {
  type Workflow = { jobs: { preview: { steps: { name?: string; run?: string }[] } } };
  const steps = () =>
    (parsed("github.yml").toJS() as Workflow).jobs.preview.steps.filter((step) => step.name && step.run);
  const surroundings = () => ({ GITHUB_STEP_SUMMARY: join(folder, "summary"), GITHUB_REPOSITORY: "o/r", PULL: "1" });

  test("comments once, keeps the comment up to date, and fails on a disruption alone", async () => {
    const codes = async () => {
      const found: Record<string, number> = {};
      for (const { name, run: script } of steps())
        found[name as string] = (await run(script as string, surroundings())).code;
      return found;
    };
    previewing("disruptive-mtu");
    expect(await codes()).toEqual({ Preview: 0, Comment: 0, Verdict: 1 });
    expect(kept("posted")).toMatch(/^\*\*disruptive\*\*/);
    previewing("safe-node-joins");
    expect(await codes()).toEqual({ Preview: 0, Comment: 0, Verdict: 0 });
    expect(kept("posted")).toMatch(/^\*\*safe\*\*/);
    expect(kept("calls")).toBe("POST\nPATCH\n");
    expect(kept("summary")).toContain("running pods keep their MTU");
    expect(kept("report.md")).toMatch(/^\*\*safe\*\*/);
  });

  test("a command that could not do its work is no verdict", async () => {
    program("npm", "exit 2");
    expect((await run(steps()[0]?.run as string, surroundings())).code).not.toBe(0);
  });
});

describe("GitLab", () => {
  const script = () =>
    (parsed("gitlab.yml").toJS() as Record<string, { script: string[] }>)["pod-networks"]?.script.join("\n") as string;

  test("comments once, keeps the comment up to date, and fails on a disruption alone", async () => {
    // Beyond the first page of notes, of people who say other things.
    const others = Array.from({ length: 100 }, (_, index) => ({ id: 100 + index, body: `remark ${index}` }));
    const notes: { id: number; body: string }[] = [];
    const calls: string[] = [];
    const server = createServer(async (request, response) => {
      const body = new URLSearchParams(await text(request)).get("body") ?? "";
      const { searchParams, pathname } = new URL(request.url ?? "", "http://forge");
      const page = Number(searchParams.get("page"));
      calls.push(`${request.method} ${page || ""} ${request.headers["private-token"]}`);
      if (request.method === "POST") notes.push({ id: 7, body });
      if (request.method === "PUT" && pathname.endsWith("/notes/7")) notes[0] = { id: 7, body };
      response.end(JSON.stringify([...others, ...notes].slice((page - 1) * 100, page * 100)));
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const environment = {
      CI_API_V4_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      CI_PROJECT_ID: "1",
      CI_MERGE_REQUEST_IID: "2",
      COMMENT_TOKEN: "secret-token",
    };
    const curl = (process.env.PATH as string)
      .split(":")
      .map((one) => join(one, "curl"))
      .find((one) => existsSync(one));
    program("curl", `printf '%s\\n' "$*" >>arguments\nexec ${curl} "$@"`);
    previewing("disruptive-mtu");
    expect(await run(script(), environment)).toMatchObject({ code: 1 });
    expect(notes).toMatchObject([{ body: expect.stringMatching(/^\*\*disruptive\*\*/) }]);
    previewing("rolling-masquerade");
    expect(await run(script(), environment)).toMatchObject({ code: 0 });
    expect(notes).toMatchObject([{ body: expect.stringMatching(/^\*\*rolling\*\*/) }]);
    expect(calls).toEqual(["GET 1", "GET 2", "POST ", "GET 1", "GET 2", "PUT "].map((call) => `${call} secret-token`));
    expect(kept("arguments").split("\n")).toHaveLength(calls.length + 1);
    expect(kept("arguments")).not.toContain("secret-token");
    server.close();
  });
});
