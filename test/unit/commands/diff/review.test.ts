import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { review } from "../../../../commands/diff/decide";
import { type Digest, readDigest } from "../../../../commands/diff/digest";
import { markdownReport } from "../../../../commands/diff/markdown";
import { readPreview } from "../../../../commands/diff/preview";
import { textReport } from "../../../../commands/diff/text";
import { names, recorded } from "./previews";

/** The change of three nodes as one of many. */
function grown(count: number): Digest {
  const digest = recorded("disruptive-mtu");
  const one = digest.steps.find(({ urn }) => urn.endsWith("::pods-node1"));
  const steps = Array.from({ length: count }, (_, index) => {
    const address = `10.${200 + Math.floor(index / 256)}.${index % 256}.`;
    const text = JSON.stringify(one).replaceAll("10.244.0.", address);
    return JSON.parse(text.replaceAll("node1", `node${index + 1}`)) as Digest["steps"][number];
  });
  return { ...digest, steps: [...digest.steps.filter(({ urn }) => !urn.includes("NodeState")), ...steps] };
}

test.each(names)("%s reads as it does in the golden report", (name) => {
  const path = join(__dirname, "reports", `${name}.md`);
  const report = markdownReport(review(recorded(name)));
  if (process.env.GOLDEN === "write") writeFileSync(path, report);
  expect(report).toBe(readFileSync(path, "utf8"));
});

test.each(["safe-node-joins", "rolling-masquerade", "disruptive-mtu", "refused-pod-cidr"])(
  "docs/pull-requests.md shows what the command says of %s",
  (name) => {
    const page = readFileSync(join(__dirname, "../../../../docs/pull-requests.md"), "utf8");
    expect(page).toContain(
      `podnet diff test/unit/commands/diff/recorded/${name}.json\n${textReport(review(recorded(name)))}\n`,
    );
  },
);

describe("the verdict", () => {
  test.each(names)("%s is what the preview's own name says", (name) => {
    const said = /^(safe|rolling|disruptive|refused)-/.exec(name)?.[1] ?? "safe";
    expect(review(recorded(name)).verdict).toBe(said);
    expect(markdownReport(review(recorded(name))).split("\n")[0]).toContain(`**${said}**`);
    expect(textReport(review(recorded(name)))).toMatch(new RegExp(`^${said}: `));
  });

  test("a refusal says why, and the way round", () => {
    expect(review(recorded("refused-pod-cidr")).meanings).toMatchObject([
      { class: "refused", what: "pods: podCidr", wayRound: expect.stringContaining("grow it to a range") },
    ]);
  });

  test("what podnet does not know is not called safe", () => {
    const step = (op: string, type: string) => ({
      op,
      urn: `urn:pulumi:s::p::${type}::x`,
      oldState: { inputs: {}, initErrors: [] },
    });
    const verdict = (op: string, type = "aws:ec2/instance:Instance") =>
      review({ steps: [step(op, type)], diagnostics: [], changeSummary: {} } as Digest).verdict;
    expect(["create", "update", "replace", "delete"].map((op) => verdict(op))).toEqual([
      "safe",
      "rolling",
      "disruptive",
      "disruptive",
    ]);
    expect(verdict("create", "kubernetes:networking.k8s.io/v1:NetworkPolicy")).toBe("disruptive");
  });
});

describe("routes", () => {
  const parent = "urn:pulumi:s::p::podnet:index:AwsRoutes::pods";
  const route = (op: string, index: number, table: string) => ({
    op,
    urn: `urn:pulumi:s::p::podnet:index:AwsRoutes$aws:ec2/route:Route::pods-${table}-${index}`,
    oldState: { inputs: { destinationCidrBlock: `10.244.${index}.0/24` }, parent, initErrors: [] },
  });
  const plan = (before: Record<string, string>, after: Record<string, string>) => ({
    op: "update",
    urn: "urn:pulumi:s::p::podnet:index:AwsRoutes$podnet:index:RoutePlan::pods",
    oldState: { inputs: { routes: before }, parent, initErrors: [] },
    newState: { inputs: { routes: after }, parent, initErrors: [] },
  });
  const all = { "10.244.0.0/24": "node1", "10.244.1.0/24": "node2" };

  test("are counted, and go safely with their node in every table", () => {
    const steps = [plan(all, { "10.244.0.0/24": "node1" }), route("delete", 1, "a"), route("delete", 1, "b")];
    const found = review({ steps, diagnostics: [], changeSummary: {} });
    expect(found.verdict).toBe("safe");
    expect(found.routes).toEqual([
      { what: "routes in AWS", action: "delete", count: 2, named: 1, names: ["10.244.1.0/24"] },
    ]);
  });

  test("that neighbours behind one node share from then on are no disruption, but in a table that is left out", () => {
    const apart = { "10.244.0.0/24": "node1", "10.244.1.0/24": "node1" };
    const joined = { "10.244.0.0/23": "node1" };
    const parted = { "10.244.0.0/24": "node1", "10.244.1.0/25": "node1", "10.244.1.128/25": "node2" };
    const found = (after: Record<string, string>, left: readonly string[] = ["a", "b"]) => {
      const change = plan(apart, after);
      const tables = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, `rtb-${name}`]));
      Object.assign(change.oldState.inputs, { tables: tables(["a", "b"]) });
      Object.assign(change.newState.inputs, { tables: tables(left) });
      return review({ steps: [change, route("delete", 1, "a")], diagnostics: [], changeSummary: {} });
    };
    expect(found(joined)).toMatchObject({
      verdict: "safe",
      noticed: "others by the same node take their packets, and are made before these go",
    });
    expect(found(joined, ["b"]).verdict).toBe("disruptive");
    expect(found(parted).verdict).toBe("disruptive");
  });

  test("that a node keeps needing are a disruption when they go", () => {
    const steps = [plan(all, all), route("delete", 1, "b")];
    expect(review({ steps, diagnostics: [], changeSummary: {} })).toMatchObject({
      verdict: "disruptive",
      noticed: "packets to these pods find no way in the cloud's tables",
    });
  });
});

test("a node that the last change left unfinished is not told as one that was not reachable", () => {
  const digest = recorded("disruptive-mtu");
  for (const { urn, oldState } of digest.steps)
    if (urn.endsWith("pods-node3")) oldState?.initErrors.push("node3: ip: RTNETLINK answers: File exists");
  const found = review(digest);
  expect(found.unreachable.map(({ node }) => node)).toEqual(["node2"]);
  expect(textReport(found)).toContain("Left unfinished by the last change\n  node3: ip: RTNETLINK answers");
});

describe("a change of 1,000 nodes", () => {
  const found = review(grown(1000));
  test("is one line for all that do the same, and one diff for a file that differs by addresses alone", () => {
    expect(found.nodes).toMatchObject([{ nodes: { length: 1000 }, summary: "~1 file, ~1 link" }]);
    expect(found.files).toMatchObject([{ nodes: { length: 1000 } }]);
    expect(markdownReport(found)).toContain("node1, node2, node3 and 997 more");
  });

  test("fits a comment even where every file differs, and says where the rest is", () => {
    const files = Array.from({ length: 1000 }, (_, index) => ({
      path: `/etc/file-${index}`,
      nodes: [`node${index}`],
      patch: `-${"a".repeat(300)}\n+${"b".repeat(300)}\n`,
    }));
    const meanings = Array.from({ length: 1000 }, () => ({
      class: "rolling" as const,
      what: "x",
      reason: "y".repeat(99),
    }));
    const report = markdownReport({ ...found, files, meanings });
    expect(Buffer.byteLength(report)).toBeLessThan(60_000);
    expect(report).toContain("--report FILE");
    expect(markdownReport({ ...found, files }, { whole: true })).toContain("/etc/file-999");
  });
});

test("the engine's order is nothing to the report, nor how often the preview is read", () => {
  for (const name of names) {
    const digest = recorded(name);
    const turned = { ...digest, steps: [...digest.steps].reverse(), diagnostics: [...digest.diagnostics].reverse() };
    expect(markdownReport(review(turned))).toBe(markdownReport(review(digest)));
  }
});

test("names and messages of others make no markup", () => {
  const digest = recorded("unchanged");
  const message = "warning: <img src=x> @everyone `code` [link](http://x.example)";
  const report = markdownReport(review({ ...digest, diagnostics: [{ message, severity: "warning" }] }));
  expect(report).toContain("&lt;img src=x> @\u200beveryone \\`code\\` \\[link\\](http://x.example)");
});

test("what is no preview is said so", () => {
  expect(() => readDigest("error: no stack selected")).toThrow("this is not what `pulumi preview --json` prints");
});

test("a stack that is named beside a preview's file is refused", async () => {
  await expect(readPreview("preview.json", "rack1")).rejects.toThrow(
    "--stack rack1 says which stack pulumi is asked about, and preview.json is read instead; leave one out",
  );
});
