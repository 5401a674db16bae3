import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { BridgeNetwork } from "../../components";
import { type Bed, bed } from "./bed";

const names = ["node1", "node2", "node3"];

let world: Bed;

/** The command line, in the folder of the stack's project, as its users run it. */
function podnet(...words: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const { workDir, envVars } = world.stack.workspace;
  const command = join(__dirname, "../../dist/commands/podnet.js");
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [command, ...words],
      { cwd: workDir, env: { ...process.env, ...envVars, PULUMI_HOME: join(workDir, "home") } },
      (error, stdout, stderr) => resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

beforeAll(async () => {
  world = await bed(
    "doctor",
    names.map((name) => ({
      name,
      segment: name === "node3" ? ("b" as const) : ("a" as const),
      kind: "light" as const,
    })),
  );
  world.program.run = async () => {
    new BridgeNetwork("pods", {
      nodes: world.inventory(),
      podCidr: ["10.244.0.0/16", "fd00:10:244::/48"],
      crossSegment: "vxlan",
      rollout: { batch: 2, windowSeconds: 180 },
    });
  };
  await world.stack.up();
});
afterAll(() => world?.end());

describe.sequential("a stack's network by the command line", () => {
  test("verify shows the matrix of all nodes, and changes nothing", async () => {
    const before = await world.stack.exportStack();
    const { code, stdout, stderr } = await podnet("verify", "--stack", "doctor");
    expect(stdout).toMatch(/^pods: 3 nodes, every pair; all 30 probes pass at 1450 bytes/m);
    for (const name of names)
      expect(stdout).toMatch(new RegExp(`│ ${name} +│( +\\d+(\\.\\d\\d)? ms/\\d+(\\.\\d\\d)? ms +│){3}`));
    expect(stderr).not.toContain("Error");
    expect(code).toBe(0);
    expect(await world.stack.exportStack()).toEqual(before);
  });

  test("verify ends with 1 and names the pair when a route is gone, in words, JSON and JUnit", async () => {
    const [route] = (await world.lab.exec("node1", "ip route show 10.244.1.0/24")).stdout.trim().split("\n");
    await world.lab.exec("node1", "ip route replace unreachable 10.244.1.0/24");
    const spoken = await podnet("verify", "--stack", "doctor");
    const counted = await podnet("verify", "--stack", "doctor", "--json", "--junit", join(world.lab.folder, "j.xml"));
    const report = readFileSync(join(world.lab.folder, "j.xml"), "utf8");
    await world.lab.exec("node1", `ip route replace ${route}`);

    expect(spoken.code).toBe(1);
    expect(spoken.stdout).toMatch(/^✖ node1 → node2: no answer over IPv4 \(10\.244\.0\.\d+ → 10\.244\.1\.\d+\)/m);
    expect(spoken.stdout).not.toMatch(/node3:|over IPv6/);
    expect(counted.code).toBe(1);
    const [network, ...others] = JSON.parse(counted.stdout).networks;
    expect(others).toEqual([]);
    const lost = network.probes.filter(({ answer }: { answer: { reachable: boolean } }) => !answer.reachable);
    expect(lost).toContainEqual(expect.objectContaining({ kind: "pod", from: "node1", to: "node2", family: "ipv4" }));
    expect(network).toMatchObject({ passed: false, failed: lost.length, nodes: names });
    expect(unbalanced(report)).toEqual([]);
    expect(report.match(/<testcase /g)).toHaveLength(network.probes.length);
    expect(report.match(/<failure /g)).toHaveLength(lost.length);
  });

  test("doctor finds nothing that blocks, and one row tells what several nodes lack", async () => {
    const { code, stdout } = await podnet("doctor", "--stack", "doctor");
    expect(stdout).toContain("3 nodes, 0 blocked");
    expect(stdout.match(/systemd does not run/g)).toHaveLength(1);
    expect(code).toBe(0);
  });

  test("doctor ends with 1 when a node lacks what podnet needs, and names node and way out", async () => {
    await world.lab.exec("node2", "mv /usr/sbin/nft /usr/sbin/nft.away");
    const spoken = await podnet("doctor", "--stack", "doctor");
    const counted = await podnet("doctor", "--stack", "doctor", "--json");
    await world.lab.exec("node2", "mv /usr/sbin/nft.away /usr/sbin/nft");
    expect(spoken.stdout).toMatch(/blocking +│ node2 +│ nft is missing +│ install nftables/);
    expect(spoken.stdout).toContain("3 nodes, 1 blocked");
    expect(spoken.code).toBe(1);
    expect(JSON.parse(counted.stdout)).toMatchObject({ blocked: true });
    expect(counted.code).toBe(1);
  });

  test("a stack that is not there is one sentence, and ends with 2: nothing was probed", async () => {
    const { code, stderr } = await podnet("verify", "--stack", "nowhere");
    expect(stderr).toContain("no stack named 'nowhere' found");
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(2);
  });
});

/** Tags of an XML document that are not closed, or closed and never opened, and signs that are not escaped. */
function unbalanced(xml: string): string[] {
  const open: string[] = [];
  const wrong = [...xml.replaceAll(/<[^>]*>/g, "").matchAll(/[<>]|&(?!(amp|lt|gt|quot|apos|#\d+);)/g)].map(
    ([sign]) => sign,
  );
  for (const [tag, closes, name, rest] of xml.matchAll(
    /<(\/?)([\w:-]+)((?:\s+[\w:-]+="[^"<]*")*\s*\/?)>|<[^?][^>]*>/g,
  )) {
    if (name === undefined) wrong.push(tag);
    else if (closes) {
      if (open.pop() !== name) wrong.push(tag);
    } else if (!rest?.endsWith("/")) open.push(name);
  }
  return [...wrong, ...open];
}
