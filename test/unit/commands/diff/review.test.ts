import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { describe, expect, test } from "vitest";
import { review } from "../../../../commands/diff/decide";
import { type Digest, readDigest } from "../../../../commands/diff/digest";
import { markdownReport } from "../../../../commands/diff/markdown";
import { textReport } from "../../../../commands/diff/text";
import { resources } from "../../../../provider/resources";

// Previews of the real engine, as test/engine/previews.test.ts records them.

const folder = join(__dirname, "recorded");
const recorded = (name: string) => readDigest(readFileSync(join(folder, `${name}.json`), "utf8"));
const names = readdirSync(folder).map((file) => basename(file, ".json"));

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

describe("what podnet keeps", () => {
  const step = (type: string, name: string, op = "delete", parent?: string) => ({
    op,
    urn: `urn:pulumi:s::p::${type}::${name}`,
    oldState: { inputs: { network: "canal" }, parent, initErrors: [] },
  });
  const verdict = (...steps: unknown[]) => review({ steps, diagnostics: [], changeSummary: {} } as never).verdict;

  test("is judged whichever resource it is, also where it goes alone", () => {
    const found = Object.keys(resources).map((type) => [type.split(":")[2], verdict(step(type, "pods"))]);
    expect(Object.fromEntries(found)).toEqual({
      AddressPlan: "safe",
      EtcdKey: "disruptive",
      FlowAudit: "safe",
      NetmasterObject: "disruptive",
      NetworkRecord: "disruptive",
      NodeState: "disruptive",
      RoutePlan: "safe",
      Verification: "safe",
    });
    expect(verdict(step("podnet:index:EtcdKey", "pods", "update"))).toBe("rolling");
  });

  test("is judged by its own network, and by no other whose name begins the same", () => {
    const network = (name: string) => `urn:pulumi:s::p::podnet:index:CanalNetwork::${name}`;
    const chart = step("podnet:index:CanalNetwork$kubernetes:helm.sh/v4:Chart", "pods", "same", network("pods"));
    const record = {
      ...step("podnet:index:CanalNetwork$podnet:index:NetworkRecord", "pods", "create", network("pods")),
      newState: { inputs: { network: "canal" }, parent: network("pods"), initErrors: [] },
    };
    const daemonSet = (name: string, parent: string) =>
      step("podnet:index:CanalNetwork$kubernetes:apps/v1:DaemonSet", name, "replace", parent);
    expect(verdict(record, daemonSet("pods/kube-system/canal", network("pods")))).toBe("safe");
    expect(verdict(record, chart, daemonSet("canal", chart.urn))).toBe("safe");
    expect(verdict(record, daemonSet("pods-b/kube-system/canal", network("pods-b")))).toBe("disruptive");
    expect(verdict(record, daemonSet("pods/kube-system/canal", network("pods-b")))).toBe("disruptive");
  });
});

describe("policies", () => {
  const policy = (spec: unknown) => ({
    inputs: {
      apiVersion: "networking.k8s.io/v1",
      kind: "NetworkPolicy",
      metadata: { name: "db", namespace: "shop" },
      spec,
    },
    initErrors: [],
  });
  const urn = "urn:pulumi:s::p::kubernetes:networking.k8s.io/v1:NetworkPolicy::db";
  const pod = (name: string) => ({
    where: name,
    object: { apiVersion: "v1", kind: "Pod", metadata: { name, namespace: "shop", labels: { app: name } }, spec: {} },
  });
  const cluster = ["web", "job", "db"].map(pod);
  const from = (app: string) => ({
    podSelector: { matchLabels: { app: "db" } },
    ingress: [{ from: [{ podSelector: { matchLabels: { app } } }] }],
  });
  const digest = (oldState: unknown, newState: unknown, op = "update") =>
    ({ steps: [{ op, urn, oldState, newState }], diagnostics: [], changeSummary: {} }) as unknown as Digest;

  test("that close a connection are a disruption, and which is said", () => {
    const found = review(digest(policy(from("web")), policy(from("job"))), cluster);
    expect(found.verdict).toBe("disruptive");
    expect(textReport(found)).toMatch(/closed: .*web.* → .*db/);
    expect(textReport(found)).toMatch(/opened: .*job.* → .*db/);
  });

  test("of the cluster stay what they are beside one of another API group with the same name", () => {
    const calico = (apiVersion: string, name = "db") => ({
      where: "calico",
      object: {
        apiVersion,
        kind: "NetworkPolicy",
        metadata: { name, namespace: "shop" },
        spec: { selector: "app == 'web'", types: ["Ingress"], ingress: [] },
      },
    });
    const toWeb = (beside: ReturnType<typeof calico>) =>
      review(digest(undefined, policy({ podSelector: {}, policyTypes: ["Ingress"] }), "create"), [
        ...cluster,
        beside,
      ]).connections?.closed.filter(({ to }) => to.includes("web"));
    // Calico's own has closed web before: nothing is closed there that was open.
    for (const group of ["crd.projectcalico.org/v1", "projectcalico.org/v3"]) {
      expect(toWeb(calico(group))).toEqual([]);
      expect(toWeb(calico(group))).toEqual(toWeb(calico(group, "other")));
    }
    // The same object in the API of crd.projectcalico.org and in that of Calico's server is one.
    const own = calico("crd.projectcalico.org/v1").object;
    const gone = { steps: [{ op: "delete", urn, oldState: { inputs: own, initErrors: [] } }], changeSummary: {} };
    expect(
      review({ ...gone, diagnostics: [] } as unknown as Digest, [...cluster, calico("projectcalico.org/v3")])
        .connections?.opened.length,
    ).toBeGreaterThan(0);
  });

  test("that open one only are safe, and one that goes closes nothing", () => {
    const found = review(digest(policy(from("web")), undefined, "delete"), cluster);
    expect(found).toMatchObject({ verdict: "safe", connections: { closed: [] } });
    expect(found.connections?.opened.length).toBeGreaterThan(0);
  });

  test("are not called safe where the workloads, or what stays as it is, is not known", () => {
    const change = digest(policy(from("web")), policy(from("job")));
    expect(review(change)).toMatchObject({
      verdict: "disruptive",
      meanings: [{ wayRound: expect.stringContaining("--cluster") }],
    });
    expect(review({ ...change, changeSummary: { same: 3 } }, cluster).connections).toBeUndefined();
  });

  test("of a baseline mean what its own table says", () => {
    const record = (migrate: string) => ({ inputs: { network: "policy", settings: { migrate } }, initErrors: [] });
    const step = {
      op: "create",
      urn: "urn:pulumi:s::p::podnet:index:NetworkRecord::base",
      newState: record("enforce"),
    };
    const verdict = (one: unknown) =>
      review({ steps: [one], diagnostics: [], changeSummary: {} } as unknown as Digest).verdict;
    expect(verdict(step)).toBe("disruptive");
    expect(verdict({ ...step, newState: record("audit") })).toBe("safe");
    expect(verdict({ ...step, op: "delete", newState: undefined, oldState: record("enforce") })).toBe("safe");
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

test("a secret is in no report, and neither is what becomes one", () => {
  const hidden = (text: string, side: "oldState" | "newState") => {
    const digest = recorded("disruptive-mtu");
    for (const step of digest.steps.filter(({ urn }) => urn.includes("NodeState"))) {
      const files = (step[side]?.inputs.state as { files: { content: string }[] } | undefined)?.files ?? [];
      for (const file of files) file.content = text;
    }
    return review(digest);
  };
  const report = markdownReport(hidden("[secret]", "newState"), { whole: true });
  expect(report).toContain("A secret is in it");
  expect(report).not.toContain("cniVersion");
  expect(JSON.stringify(hidden("[secret]", "oldState"))).not.toContain("cniVersion");
  for (const name of names) expect(readFileSync(join(folder, `${name}.json`), "utf8")).not.toContain("PRIVATE");
});

describe("a secret that is another one than before", () => {
  /** The preview's change of one file, as it prints when the text of each file, or the whole state, is a secret. */
  const hidden = (hide: (state: { files: { content: string }[]; links: object[] }) => unknown) => {
    const digest = recorded("disruptive-mtu");
    for (const { urn, oldState, newState } of digest.steps)
      for (const inputs of urn.includes("NodeState") ? [oldState?.inputs, newState?.inputs] : [])
        if (inputs) inputs.state = hide(inputs.state as never);
    return review(digest);
  };

  test("is told of the file that holds it and of no other, and not shown", () => {
    const found = hidden(({ files, links: _links, ...rest }) => ({
      ...rest,
      files: files.map((file) => ({ ...file, content: "password=[secret]" })),
    }));
    expect(found.nodes).toMatchObject([{ summary: "~1 file" }]);
    expect(found.files).toMatchObject([{ path: "/etc/cni/net.d/10-podnet-pods.conflist", patch: undefined }]);
  });

  test("is no change of nothing where all of the node's state is secret", () => {
    expect(hidden(() => "[secret]").nodes).toMatchObject([{ summary: "its state is a secret" }]);
  });
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
