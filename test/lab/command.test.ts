import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Lab } from "../../lab";
import { endLab, freshLab } from "./fresh-lab";
import { conflist, makeNetwork, must, names, settingsOf, traces } from "./handmade";

const folder = mkdtempSync(join(tmpdir(), "podnet-command-"));
let lab: Lab;

beforeAll(async () => {
  lab = await freshLab(
    "command",
    names.map((name) => ({ name, kind: "light" })),
  );
  await makeNetwork(lab);
});

afterAll(async () => {
  await endLab("command");
  rmSync(folder, { recursive: true, force: true });
});

const project = {
  cwd: folder,
  env: {
    ...process.env,
    PULUMI_BACKEND_URL: `file://${folder}`,
    PULUMI_CONFIG_PASSPHRASE: "test",
    PULUMI_HOME: folder,
  },
};
const pulumi = async (...words: string[]) =>
  (await promisify(execFile)("pulumi", [...words, "--non-interactive"], { ...project, encoding: "utf8" })).stdout;
const podnet = (...words: string[]): Promise<{ code: number; stdout: string }> =>
  new Promise((resolve) => {
    execFile(process.execPath, [join(__dirname, "../../dist/commands/podnet.js"), ...words], project, (error, stdout) =>
      resolve({ code: error ? Number(error.code) : 0, stdout }),
    );
  });
const verify = (...words: string[]) =>
  podnet("verify", "--inventory", lab.inventoryFile, "--cni-config", conflist, ...words);

test("verify shows the matrix, and ends with 0", async () => {
  const { code, stdout } = await verify();
  expect(stdout).toContain("all 15 probes pass at 1500 bytes");
  expect(stdout).toMatch(/│ node1 {7}│( +\d+(\.\d\d)? ms +│){3}/);
  expect(code).toBe(0);
});

test("verify ends with 1 when a pair fails, in JSON and JUnit too", async () => {
  await must(
    lab,
    "node3",
    "nft 'table inet wrong { chain stop { type filter hook forward priority 0; policy drop; }; }'",
  );
  try {
    const { code, stdout } = await verify("--json", "--junit", join(folder, "junit.xml"));
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ passed: false, networks: [{ nodes: names, mtu: 1500 }] });
    expect(readFileSync(join(folder, "junit.xml"), "utf8")).toContain("node1 → node3: no answer over IPv4");
  } finally {
    await must(lab, "node3", "nft delete table inet wrong");
  }
});

test("verify takes networks and secrets from a stack's state", async () => {
  const { nodes } = settingsOf(lab);
  const secret = readFileSync(lab.privateKeyFile, "utf8");
  const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
  const key = { secret: { ...mark, plaintext: JSON.stringify(secret) } };
  const connected = nodes.map((node) => ({ ...node, connection: { ...node.connection, key } }));
  writeFileSync(join(folder, "Pulumi.yaml"), "name: racks\nruntime: nodejs\n");
  await pulumi("stack", "init", "rack1");
  const state = JSON.parse(await pulumi("stack", "export"));
  const urn = "urn:pulumi:rack1::racks::podnet:index:Verification::pods";
  const type = "podnet:index:Verification";
  const provider = "urn:pulumi:rack1::racks::pulumi:providers:podnet::default";
  state.deployment.resources = [
    { urn: provider, type: "pulumi:providers:podnet", id: "podnet", custom: true, inputs: {}, outputs: {} },
    {
      urn,
      type,
      id: "pods",
      custom: true,
      provider: `${provider}::podnet`,
      inputs: { ...settingsOf(lab), nodes: connected },
    },
  ];
  writeFileSync(join(folder, "state.json"), JSON.stringify(state));
  await pulumi("stack", "import", "--file", "state.json");
  expect(await pulumi("stack", "export")).not.toContain("PRIVATE KEY");

  const { code, stdout } = await podnet("verify", "--stack", "rack1");
  expect(stdout).toContain("pods: 3 nodes, every pair; all 30 probes pass at 1500 bytes");
  expect(code).toBe(0);
});

test("doctor finds nothing that blocks, and ends with 1 when the inventory names a wrong NIC", async () => {
  const before = await Promise.all(names.map((node) => traces(lab, node)));
  const good = await podnet("doctor", "--inventory", lab.inventoryFile, "--json");
  expect(JSON.parse(good.stdout)).toMatchObject({ blocked: false });
  expect(good.code).toBe(0);
  expect(await Promise.all(names.map((node) => traces(lab, node)))).toEqual(before);

  const wrong = join(folder, "wrong.yaml");
  writeFileSync(wrong, readFileSync(lab.inventoryFile, "utf8").replaceAll("nic: eth0", "nic: enp3s0"));
  const bad = await podnet("doctor", "--inventory", wrong);
  expect(bad.stdout).toContain("the NIC enp3s0 is not there");
  expect(bad.code).toBe(1);
});
