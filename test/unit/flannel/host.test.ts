import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { allocate } from "../../../components/addresses/plan";
import { pools } from "../../../components/flannel/complete";
import { netConf } from "../../../components/flannel/configuration";
import { hosts } from "../../../components/flannel/host";
import { secretsFile } from "../../../components/flannel/host-daemon";
import { sha256 } from "../../../components/node/kinds/file";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { casesIn, golden } from "../golden";
import { etcd, rack, read, type Written } from "./read";

/** What comes of it on each node, with the text where the component has a Pulumi output. */
function render(written: Written): Record<string, NodeStateInput> {
  const settings = read(written);
  const nodes = settings.nodes?.nodes.map(({ name }) => name) ?? [];
  const subnets = settings.allocation === "podnet" ? allocate(undefined, { pools: pools(settings), nodes }) : {};
  return hosts(settings, subnets, { configuration: sha256(netConf(settings)), secrets: "the secrets" });
}

const unitOf = (state: NodeStateInput | undefined, part: string) =>
  state?.units?.find(({ name }) => name.includes(part))?.content ?? "";
const fileOf = (state: NodeStateInput | undefined, part: string) =>
  state?.files?.find(({ path }) => path.includes(part))?.content ?? "";

test.each(casesIn<Written>(join(__dirname, "hosts")))("$name: settings in, the first node's state out", (one) => {
  const state = render(one.settings).node1 as NodeStateInput;
  expect(nodeState.safeParse(state).error).toBeUndefined();
  const { got, expected } = golden(one, [state]);
  expect(got).toBe(expected);
});

describe("on hosts without Kubernetes", () => {
  const written: Written = { mode: "etcd", nodes: rack, podCidr: "10.244.0.0/16", etcd };

  test("no secret is in a command, a unit or an open file", () => {
    const state = render({ ...written, etcd: { ...etcd, username: "flannel", password: "of the door" } }).node1;
    expect(state?.files?.find(({ content }) => content === "the secrets")).toMatchObject({ mode: "0600" });
    expect(JSON.stringify(state)).not.toContain("of the door");
    expect(unitOf(state, "flanneld")).toContain("EnvironmentFile=/etc/podnet/pods-flanneld.env");
  });

  test("a secret reaches systemd as it is, whatever is in it", () => {
    expect(secretsFile({ FLANNELD_ETCD_PASSWORD: 'a "b" \\c $d %e' })).toBe(
      'FLANNELD_ETCD_PASSWORD="a \\"b\\" \\\\c $d %e"\n',
    );
  });

  test("another configuration in etcd is another unit, so that flanneld is started again and reads it", () => {
    const [one, other] = [1, 7].map((vni) => render({ ...written, backend: { type: "vxlan", vni } }).node1);
    expect(unitOf(one, "flanneld")).not.toBe(unitOf(other, "flanneld"));
    expect(unitOf(one, "clean")).toBe(unitOf(other, "clean"));
  });

  test("what systemd and a shell would take for their own is kept from them", () => {
    const unit = unitOf(render({ ...written, iface: { regex: '^eth[0-9]+$|"100%"' } }).node1, "flanneld");
    expect(unit).toContain('"--iface-regex=^eth[0-9]+$$|\\"100%%\\""');
  });

  test("the plan's subnet is there before flanneld asks for one, and written only where it is not", () => {
    const unit = unitOf(render(written).node2, "flanneld");
    const line = /^ExecStartPre=\/bin\/sh -c '(.*)'$/m.exec(unit)?.[1] as string;
    const own = mkdtempSync(join(tmpdir(), "podnet-subnet-"));
    const folder = join(own, "flannel");
    const file = join(folder, "subnet.env");
    const script = line.replaceAll("/run/flannel", folder);
    const run = (before: string) =>
      execFileSync("sh", ["-c", `${before}; ${script}; cat ${file}; rm -rf ${folder}`], { encoding: "utf8" });
    expect(run("true")).toBe("FLANNEL_SUBNET=10.244.1.1/24\n");
    const whole = "FLANNEL_NETWORK=10.244.0.0/16\\nFLANNEL_SUBNET=10.244.1.1/24\\nFLANNEL_MTU=1450\\n";
    const kept = run(`mkdir ${folder}; printf '${whole}' > ${file}`);
    expect(kept).toContain("FLANNEL_MTU=1450");
    rmSync(own, { recursive: true });
  });
});

describe("the clean-up", () => {
  const state = render({ podCidr: "10.244.0.0/16", nodes: rack }).node1;
  const script = fileOf(state, "-clean.sh");

  /** What it does on a node that says this of the unit; every tool only writes down what it is asked. */
  const does = (answer: string) => {
    const folder = mkdtempSync(join(tmpdir(), "podnet-clean-"));
    const cni = { directory: folder, binaries: folder };
    const own = fileOf(render({ podCidr: "10.244.0.0/16", nodes: rack, cni }).node1, "-clean.sh");
    const tools = [
      "ip",
      "nft",
      "kubectl",
      ...["", "-nft", "-legacy"].flatMap((way) =>
        ["iptables", "ip6tables"].flatMap((tool) => [`${tool}${way}-save`, `${tool}${way}-restore`]),
      ),
    ];
    for (const tool of tools)
      writeFileSync(join(folder, tool), `#!/bin/sh\necho "${tool} $*" >> ${folder}/log\n`, { mode: 0o755 });
    writeFileSync(join(folder, "systemctl"), `#!/bin/sh\n${answer}\n`, { mode: 0o755 });
    writeFileSync(join(folder, "10-flannel.conflist"), "{}");
    writeFileSync(join(folder, "log"), "");
    execFileSync("/bin/sh", ["-s"], { input: own, env: { PATH: `${folder}:/usr/bin:/bin` } });
    const done = {
      log: readFileSync(join(folder, "log"), "utf8"),
      conflist: existsSync(join(folder, "10-flannel.conflist")),
    };
    rmSync(folder, { recursive: true });
    return done;
  };

  test("takes away what flannel made when its unit was disabled, as it is before it is removed", () => {
    const { log, conflist } = does("echo disabled; exit 1");
    expect(log.split("\n").slice(0, 4)).toEqual([
      "ip link delete cni0",
      "ip link delete flannel.1",
      "ip link delete flannel-v6.1",
      "ip -4 route flush root 10.244.0.0/16",
    ]);
    expect(log).toContain("nft delete table ip flannel-ipv4");
    expect(conflist).toBe(false);
    expect(unitOf(state, "clean")).toContain("ExecStop=/bin/sh /etc/podnet/pods-clean.sh");
  });

  test.each([
    ["at a shutdown, and when it is only started again", "echo enabled"],
    ["when systemd does not answer", "exit 1"],
  ])("does nothing %s", (_, answer) => {
    expect(does(answer)).toEqual({ log: "", conflist: true });
  });

  test("is a script that a shell reads", () => {
    expect(() => execFileSync("sh", ["-n"], { input: script })).not.toThrow();
  });

  test("takes flannel's chains and the jumps to them out of saved rules, and nothing else", () => {
    const program = /awk '([^']*)'/.exec(script)?.[1] as string;
    const saved = [
      "*nat",
      ":PREROUTING ACCEPT [0:0]",
      ":FLANNEL-POSTRTG - [0:0]",
      ":KUBE-POSTROUTING - [0:0]",
      '-A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING',
      '-A POSTROUTING -m comment --comment "flanneld masq" -j FLANNEL-POSTRTG',
      '-A FLANNEL-POSTRTG -s 10.244.0.0/16 -m comment --comment "flanneld masq" -j RETURN',
      "COMMIT",
      "*filter",
      ":FLANNEL-FWD - [0:0]",
      '-A FORWARD -m comment --comment "flanneld forward" -j FLANNEL-FWD',
      "COMMIT",
      "*mangle",
      ":FORWARD ACCEPT [0:0]",
      "COMMIT",
      "",
    ].join("\n");
    const restored = execFileSync("awk", [program], { input: saved, encoding: "utf8" });
    expect(restored.split(/(?<=COMMIT\n)/).sort()).toEqual([
      '*filter\n-D FORWARD -m comment --comment "flanneld forward" -j FLANNEL-FWD\n-F FLANNEL-FWD\n-X FLANNEL-FWD\nCOMMIT\n',
      '*nat\n-D POSTROUTING -m comment --comment "flanneld masq" -j FLANNEL-POSTRTG\n-F FLANNEL-POSTRTG\n-X FLANNEL-POSTRTG\nCOMMIT\n',
    ]);
  });
});

test("a node's state does not grow with the cluster", () => {
  const size = (count: number) => {
    const nodes = Object.fromEntries(
      Array.from({ length: count }, (_, index) => [
        `node${index}`,
        { connection: { host: `198.18.${Math.floor(index / 200)}.${(index % 200) + 1}` } },
      ]),
    );
    return JSON.stringify(render({ podCidr: "10.240.0.0/12", nodes: { nodes }, openPorts: true }).node0).length;
  };
  expect(size(500)).toBe(size(2));
});
