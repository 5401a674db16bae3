import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { audit } from "../../../components/flow-audit/audit";
import { auditScript, type NodeAnswer, parseAudit } from "../../../components/flow-audit/conntrack";
import type { Workload } from "../../../components/policy/reach/world";
import { read } from "../policy/read";

const { baseline } = read({});
const pod = (namespace: string, owner: string, address: string): Workload => ({
  namespace,
  name: `${owner}-0`,
  owner,
  labels: {},
  serviceAccount: "default",
  addresses: [address],
  hostNetwork: false,
  ports: [],
});
const answer = (more: Partial<NodeAnswer>): NodeAnswer => ({
  addresses: ["192.0.2.1"],
  pods: [],
  connections: [],
  untold: 0,
  ...more,
});
const tcp = (client: string, server: string, port: number, count = 1) => ({
  protocol: "tcp",
  client,
  server,
  port,
  count,
});

describe("connections held against a baseline", () => {
  const pods = [
    pod("web", "front", "10.244.0.2"),
    pod("web", "front", "10.244.0.3"),
    pod("shop", "till", "10.244.0.4"),
  ];

  test("what would be cut stands by workload, the most frequent first", () => {
    const connections = [
      tcp("10.244.0.2", "10.244.0.4", 80, 2),
      tcp("10.244.0.3", "10.244.0.4", 80, 3),
      tcp("10.244.0.4", "203.0.113.9", 443),
    ];
    expect(audit(baseline, [answer({ pods, connections })], 10)).toEqual({
      cut: [
        "web/front → shop/till tcp/80, ingress of shop is closed (5)",
        "shop/till → 203.0.113.9 tcp/443, egress of shop is closed (1)",
      ],
      summary: "6 of 6 live connections would be cut",
    });
  });

  test("a connection in the tables of two nodes counts once, and rest is counted beyond the limit", () => {
    const connections = [tcp("10.244.0.2", "10.244.0.4", 80), tcp("10.244.0.2", "10.244.0.4", 81)];
    const both = [answer({ pods, connections }), answer({ addresses: ["192.0.2.2"], connections, untold: 7 })];
    expect(audit(baseline, both, 1)).toEqual({
      cut: ["web/front → shop/till tcp/80, ingress of shop is closed (1)", "… and 1 more groups"],
      summary: "2 of 2 live connections would be cut; 7 rarer groups of connections were not told by their nodes",
    });
  });

  test("a name that a node makes up moves no cursor", () => {
    const odd = { ...pod("shop", "till\u001b[2J\u0007", "10.244.0.9") };
    const connections = [tcp("10.244.0.2", "10.244.0.9", 80)];
    expect(audit(baseline, [answer({ pods: [...pods, odd], connections })], 10).cut).toEqual([
      "web/front → shop/till tcp/80, ingress of shop is closed (1)",
    ]);
  });

  test("a node reaches its own pods whatever the policy, and no pod of another node", () => {
    const others = answer({ addresses: ["192.0.2.2"], pods: [pod("web", "far", "10.244.1.2")] });
    const connections = [tcp("192.0.2.1", "10.244.0.4", 8080), tcp("192.0.2.1", "10.244.1.2", 8080)];
    expect(audit(baseline, [answer({ pods, connections }), others], 10).cut).toEqual([
      "192.0.2.1 → web/far tcp/8080, ingress of web is closed (1)",
    ]);
  });
});

/** The script on a node whose kubectl and connection table are these. */
function ask(table: string, pods: string): ReturnType<typeof parseAudit> {
  const folder = mkdtempSync(join(tmpdir(), "podnet-audit-"));
  const program = (name: string, text: string) =>
    writeFileSync(join(folder, name), `#!/bin/sh\n${text}\n`, { mode: 0o755 });
  program(
    "kubectl",
    `case "$*" in *whoami*) echo system:node:node1;; *spec.nodeName=node1*) cat ${folder}/pods;; *) exit 1;; esac`,
  );
  writeFileSync(join(folder, "table"), table);
  writeFileSync(join(folder, "pods"), pods);
  writeFileSync(join(folder, "kubelet.conf"), "");
  const script = auditScript(join(folder, "kubelet.conf")).replaceAll("/proc/net/nf_conntrack", join(folder, "table"));
  const stdout = execFileSync("/bin/sh", ["-s"], {
    input: script,
    encoding: "utf8",
    env: { ...process.env, PATH: `${folder}:${process.env.PATH}` },
  });
  rmSync(folder, { recursive: true });
  return parseAudit({ code: 0, stdout, stderr: "" });
}

test("a node's table is read as it is: behind a service its pod, and nothing that was not answered or is over", () => {
  const table = `ipv4     2 tcp      6 86389 ESTABLISHED src=10.244.0.2 dst=10.96.0.10 sport=40000 dport=80 src=10.244.1.3 dst=10.244.0.2 sport=8080 dport=40000 [ASSURED] mark=0 zone=0 use=2
ipv4     2 tcp      6 86389 ESTABLISHED src=10.244.0.2 dst=10.96.0.10 sport=40001 dport=80 src=10.244.1.3 dst=10.244.0.2 sport=8080 dport=40001 [ASSURED] mark=0 zone=0 use=2
ipv4     2 udp      17 20 src=10.244.0.2 dst=10.244.0.9 sport=1 dport=53 src=10.244.0.9 dst=10.244.0.2 sport=53 dport=1 mark=0 zone=0 use=2
ipv4     2 udp      17 20 src=10.244.0.2 dst=10.244.0.8 sport=1 dport=53 [UNREPLIED] src=10.244.0.8 dst=10.244.0.2 sport=53 dport=1 mark=0 zone=0 use=2
ipv4     2 tcp      6 10 TIME_WAIT src=10.244.0.2 dst=10.244.0.7 sport=1 dport=80 src=10.244.0.7 dst=10.244.0.2 sport=80 dport=1 [ASSURED] mark=0 zone=0 use=2
ipv6     10 tcp      6 10 ESTABLISHED src=fd00::1 dst=fd00::2 sport=1 dport=443 src=fd00::2 dst=fd00::1 sport=443 dport=1 [ASSURED] mark=0 zone=0 use=2
ipv4     2 icmp     1 29 src=10.244.0.2 dst=10.244.0.7 type=8 code=0 id=1 src=10.244.0.7 dst=10.244.0.2 type=0 code=0 id=1 mark=0 zone=0 use=2
`;
  const row =
    'web\tfront-x\t\t10.244.0.2,fd00::1,\thttp:TCP:8080,:TCP:9000,\t{"app":"front"}\nkube-system\tproxy-5d9f7c6b8-abcde\ttrue\t192.0.2.1,\t\t\n';
  const { pods, connections, untold, addresses } = ask(table, row);
  expect(connections).toEqual([
    { count: 2, protocol: "tcp", client: "10.244.0.2", server: "10.244.1.3", port: 8080 },
    { count: 1, protocol: "udp", client: "10.244.0.2", server: "10.244.0.9", port: 53 },
    { count: 1, protocol: "tcp", client: "fd00::1", server: "fd00::2", port: 443 },
  ]);
  expect(pods).toEqual([
    {
      namespace: "web",
      name: "front-x",
      owner: "front",
      labels: { app: "front" },
      serviceAccount: "default",
      addresses: ["10.244.0.2", "fd00::1"],
      hostNetwork: false,
      ports: [
        { name: "http", protocol: "TCP", port: 8080 },
        { protocol: "TCP", port: 9000 },
      ],
    },
    {
      namespace: "kube-system",
      name: "proxy-5d9f7c6b8-abcde",
      owner: "proxy",
      labels: {},
      serviceAccount: "default",
      addresses: ["192.0.2.1"],
      hostNetwork: true,
      ports: [],
    },
  ]);
  expect([untold, addresses.includes("127.0.0.1")]).toEqual([0, true]);
});

test("what a node tells is bounded: the most frequent first, the rest counted", () => {
  const line = (host: number) =>
    `ipv4 2 tcp 6 9 ESTABLISHED src=10.244.${host >> 8}.${host & 255} dst=10.0.0.1 sport=1 dport=80 src=10.0.0.1 dst=10.244.0.2 sport=80 dport=1 [ASSURED]\n`;
  const table = Array.from({ length: 5003 }, (_, index) => line(index)).join("") + line(5002);
  const { connections, untold } = ask(table, "");
  expect([connections.length, untold, connections[0]?.count]).toEqual([5000, 3, 2]);
});

describe("a node that cannot be read", () => {
  const folder = mkdtempSync(join(tmpdir(), "podnet-audit-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const run = (kubeletConfig: string, table = "/proc/net/nf_conntrack") => {
    const input = auditScript(kubeletConfig).replaceAll("/proc/net/nf_conntrack", table);
    // Nothing is on this PATH but what the test puts there, and printf is the shell's own.
    const { status, stderr } = spawnSync("/bin/sh", ["-s"], {
      input: input.replace(/^export .*$/m, `export PATH=${folder}`),
      encoding: "utf8",
    });
    return `${status}: ${stderr}`;
  };

  test("says what is missing, which option names it, and the way out", () => {
    expect(run("/there/is/none")).toMatch(/^127: kubectl is not installed.*install it, or leave the node out/);
    writeFileSync(join(folder, "kubectl"), "#!/bin/sh\n", { mode: 0o755 });
    expect(run("/there/is/none")).toMatch(/^1: kubeletConfig: there is no \/there\/is\/none that may be read; say/);
    expect(run(join(folder, "kubectl"), "/there/is/none")).toMatch(
      /^1: .*nor the program conntrack: install conntrack/,
    );
  });

  test("runs nothing that the path of the configuration says", () => {
    expect(run("/x$(touch made)`touch made`'\"")).toContain("there is no /x$(touch made)`touch made`'\" that");
    expect(existsSync("made")).toBe(false);
  });
});

test("a node that cannot say it says why", () => {
  expect(() => parseAudit({ code: 127, stdout: "", stderr: "kubectl is not installed\n" })).toThrow(
    "kubectl is not installed",
  );
  expect(() => parseAudit({ code: 0, stdout: "", stderr: "" })).toThrow("the node gave no connections");
});
