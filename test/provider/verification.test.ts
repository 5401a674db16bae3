import { describe, expect, test } from "vitest";
import { type Context, PartialFailure, type Properties, unknown } from "../../provider/resource";
import type { ScriptResult, SessionPool } from "../../provider/ssh/session";
import { verification } from "../../provider/verification";

const conflist = { cniVersion: "1.0.0", name: "pods", plugins: [{ type: "bridge" }] };

interface Fleet {
  pool: SessionPool;
  scripts: string[];
  /** Recorded host keys that sessions were asked with. */
  keys: (string | undefined)[];
}

/** Nodes that answer each phase as real ones do; `answer` may answer otherwise. */
function fleet(
  answer: (host: string, script: string) => Partial<ScriptResult> | Error | undefined = () => undefined,
): Fleet {
  const scripts: string[] = [];
  const keys: Fleet["keys"] = [];
  const usual = (host: string, script: string): string => {
    if (script.includes("config:")) return `config:\n${JSON.stringify(conflist)}\n`;
    if (script.includes("ip netns add")) return JSON.stringify({ ips: [{ address: `10.244.${host.at(-1)}.2/24` }] });
    if (script.includes("nft list table")) return "elements = { 10.244.1.2, 10.244.2.2, 10.244.3.2 }";
    return [...script.matchAll(/^probe (\d+) 4 \S+ (\S+) &$/gm)]
      .map(([, index, payload]) => `${index}|0|${payload === "-" ? "-" : "0"}||0.2/0.2/0.2/0.0 ms`)
      .join("\n");
  };
  const pool = {
    async use({ host }, { recordedHostKey }) {
      keys.push(recordedHostKey);
      return {
        hostKey: `ssh-ed25519 ${host}`,
        async run(script: string) {
          scripts.push(script);
          const other = answer(host, script);
          if (other instanceof Error) throw other;
          return { code: 0, stdout: usual(host, script), stderr: "", ...other };
        },
      };
    },
  } as SessionPool;
  return { pool, scripts, keys };
}

function context(preview = false): Context & { lines: string[]; controller: AbortController } {
  const controller = new AbortController();
  const lines: string[] = [];
  return {
    urn: "urn:pulumi:test::podnet::podnet:index:Verification::pods",
    preview,
    signal: controller.signal,
    controller,
    lines,
    log: (severity, message) => lines.push(`${severity}: ${message}`),
    status: (message) => lines.push(message),
  };
}

const wanted = (more: Properties = {}): Properties => {
  const { inputs, failures } = verification(fleet().pool).check(
    undefined,
    {
      network: "pods",
      nodes: [1, 2, 3].map((n) => ({
        name: `node${n}`,
        connection: { host: `192.0.2.${n}`, hostKey: { onFirstUse: true } },
        addresses: [`192.0.2.${n}`],
      })),
      cni: { configFile: "/etc/cni/net.d/10-podnet-pods.conflist" },
      mtu: 1500,
      ...more,
    },
    context(),
  );
  expect(failures).toEqual([]);
  return inputs;
};

test("a healthy network passes, and its matrix is an output", async () => {
  const { pool } = fleet();
  const running = context();
  const { id, outputs } = await verification(pool).create(wanted(), running);
  expect(id).toBe("pods");
  expect(outputs.passed).toBe(true);
  expect(outputs.matrix).toMatchObject({
    rows: [
      "node1 → node2 0.20 ms, node3 0.20 ms",
      "node2 → node3 0.20 ms, node1 0.20 ms",
      "node3 → node1 0.20 ms, node2 0.20 ms",
    ],
    failures: [],
  });
  expect(running.lines.at(-2)).toBe("probe pods removed: 3 of 3");
  expect(running.lines.at(-1)).toContain("3 nodes, every pair; all ");
});

test("a preview contacts nobody and does not know the matrix", async () => {
  const { pool, scripts } = fleet();
  const { outputs } = await verification(pool).create(wanted(), context(true));
  expect(outputs).toEqual({ matrix: unknown, passed: unknown });
  expect(scripts).toEqual([]);
});

describe("when a probe fails", () => {
  const silent = (host: string, script: string) =>
    host === "192.0.2.1" && /^probe 1 4/m.test(script)
      ? { stdout: "0|0|-||0.2/0.2 ms\n1|1|-||PING\n2|0|-||0.2/0.2 ms\n3|0|0||0.2/0.2 ms\n4|0|-||0.2/0.2 ms\n" }
      : undefined;

  test("the run fails with the pair, and keeps what was found", async () => {
    const { pool } = fleet(silent);
    const failure = await verification(pool)
      .create(wanted(), context())
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(PartialFailure);
    const { id, outputs, reasons } = failure as PartialFailure;
    expect(id).toBe("pods");
    expect(reasons).toEqual(["node1 → node2: no answer over IPv4 (10.244.1.2 → 10.244.2.2)"]);
    expect(outputs).toMatchObject({ passed: false, matrix: { failures: reasons } });
  });

  test('with failOn "none" it is a warning', async () => {
    const { pool } = fleet(silent);
    const running = context();
    const { outputs } = await verification(pool).create(wanted({ failOn: "none" }), running);
    expect(outputs.passed).toBe(false);
    expect(running.lines).toContain("warning: node1 → node2: no answer over IPv4 (10.244.1.2 → 10.244.2.2)");
  });
});

test("a plugin that is not ready on a node that has just joined is asked again", async () => {
  let asked = 0;
  const unready = { code: 1, stdout: 'failed: CNI plugin calico: {"code": 999, "msg": "no way to the API server"}' };
  const { pool } = fleet((host, script) => {
    if (host !== "192.0.2.3" || !script.includes("ip netns add")) return;
    asked += 1;
    return asked < 3 ? unready : undefined;
  });
  const { outputs } = await verification(pool).create(wanted(), context());
  expect(outputs.passed).toBe(true);
  expect(asked).toBe(3);
});

test("a node that cannot be reached is named once; the others are probed and cleaned", async () => {
  const { pool, scripts } = fleet((host) => (host === "192.0.2.2" ? new Error("connect ETIMEDOUT") : undefined));
  const failure = await verification(pool)
    .create(wanted(), context())
    .catch((error: unknown) => error);
  expect((failure as PartialFailure).reasons).toEqual(["node2: connect ETIMEDOUT"]);
  expect((failure as PartialFailure).outputs.matrix).toMatchObject({
    rows: ["node1 → node3 0.20 ms", "node2: not probed", "node3 → node1 0.20 ms"],
  });
  expect(scripts.filter((script) => script.includes("nft list table"))).toHaveLength(2);
});

test("Ctrl-C in the middle removes the probe pods and fails", async () => {
  const running = context();
  const { pool, scripts } = fleet((_, script) => {
    if (script.includes("ip netns add")) running.controller.abort(new Error("cancelled"));
    return undefined;
  });
  await expect(verification(pool).create(wanted(), running)).rejects.toThrow("cancelled");
  expect(scripts.filter((script) => /^probe \d/m.test(script))).toEqual([]);
  expect(scripts.filter((script) => script.includes("nft list table"))).toHaveLength(3);
});

test("host keys recorded at first use are held to in the next run", async () => {
  const { pool } = fleet();
  const { outputs } = await verification(pool).create(wanted(), context());
  const later = fleet();
  await verification(later.pool).update("pods", wanted(), outputs, wanted({ mtu: 1400 }), context());
  expect(new Set(later.keys)).toEqual(
    new Set(["ssh-ed25519 192.0.2.1", "ssh-ed25519 192.0.2.2", "ssh-ed25519 192.0.2.3"]),
  );
});

describe("what makes it probe again", () => {
  const diff = (after: Properties, outputs: Properties = { passed: true }) =>
    verification(fleet().pool).diff(wanted({ triggers: { node1: "a" } }), outputs, after, context());

  test("nothing when nothing changed", () => {
    expect(diff(wanted({ triggers: { node1: "a" } }))).toEqual({});
  });
  test("a node that changed", () => {
    expect(diff(wanted({ triggers: { node1: "b" } }))).toEqual({ "triggers.node1": "update" });
    expect(diff({ ...wanted(), triggers: { node1: unknown } })).toEqual({ "triggers.node1": "update" });
  });
  test("not another way to reach a node", () => {
    const nodes = (wanted().nodes as Properties[]).map((node) => ({ ...node, connection: { host: "198.51.100.1" } }));
    expect(diff({ ...wanted({ triggers: { node1: "a" } }), nodes })).toEqual({});
  });
  test("not another time that the network may take to settle", () => {
    expect(diff(wanted({ triggers: { node1: "a" }, settleSeconds: 60 }))).toEqual({});
  });
  test("a last run that failed, also when a refresh forgot it", () => {
    expect(diff(wanted({ triggers: { node1: "a" } }), { passed: false })).toEqual({ passed: "update" });
    expect(diff(wanted({ triggers: { node1: "a" }, failOn: "none" }), { passed: false })).toEqual({ failOn: "update" });
  });
});

test("a refresh and a destroy contact nobody", async () => {
  const { pool, scripts } = fleet();
  const handler = verification(pool);
  const outputs = { passed: true, matrix: { summary: "" } };
  expect(await handler.read("pods", wanted(), outputs, context())).toEqual({ id: "pods", inputs: wanted(), outputs });
  await handler.delete("pods", wanted(), outputs, context());
  expect(scripts).toEqual([]);
});

test("settings that are wrong are refused at their place", () => {
  const { failures } = verification(fleet().pool).check(undefined, { ...wanted(), mtu: 12 }, context());
  expect(failures.map(({ property }) => property)).toEqual(["mtu"]);
});
