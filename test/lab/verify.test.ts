import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failureLines } from "../../components/verification/failures";
import type { Lab } from "../../lab";
import { type ProbingOptions, probeNetwork } from "../../provider/probing";
import { type RunOn, runOver } from "../../provider/run-on";
import { Pool } from "../../provider/ssh/pool";
import { endLab, freshLab } from "./fresh-lab";
import { left, makeNetwork, must, names, settingsOf, traces } from "./handmade";

const pool = new Pool();
let lab: Lab;

async function lines(options?: ProbingOptions, run: RunOn = runOver(pool, {})): Promise<string[]> {
  return failureLines(await probeNetwork(settingsOf(lab), run, options), 1500);
}

beforeAll(async () => {
  lab = await freshLab(
    "verify",
    names.map((name) => ({ name, kind: "light" })),
  );
  await makeNetwork(lab);
  await lines();
});

afterAll(async () => {
  pool.closeAll();
  await endLab("verify");
});

test("a network that carries traffic passes, in both families, and nothing of the probes stays", async () => {
  const before = await Promise.all(names.map((node) => traces(lab, node)));
  expect(await lines()).toEqual([]);
  expect(await Promise.all(names.map((node) => traces(lab, node)))).toEqual(before);
});

describe("what is broken is named", () => {
  const broken = async (node: string, breaking: string, mending: string) => {
    await must(lab, node, breaking);
    try {
      return await lines();
    } finally {
      await must(lab, node, mending);
    }
  };

  test("a route that is missing", async () => {
    const found = await broken(
      "node1",
      "ip route del 10.244.3.0/24 && ip route add unreachable 10.244.3.0/24",
      `ip route replace 10.244.3.0/24 via ${lab.nodes[2]?.addresses.ipv4}`,
    );
    expect(found).toContainEqual(
      expect.stringMatching(/^node1 → node3: no answer over IPv4 \(10\.244\.1\.\d+ → 10\.244\.3\.\d+\)$/),
    );
    expect(found.filter((line) => /IPv6|node2/.test(line))).toEqual([]);
  });

  test("a node that translates its pods' addresses", async () => {
    const found = await broken(
      "node2",
      "nft 'table ip wrong { chain post { type nat hook postrouting priority 100; ip saddr 10.244.2.0/24 oifname eth0 masquerade; }; }'",
      "nft delete table ip wrong",
    );
    const own = lab.nodes[1]?.addresses.ipv4;
    expect(found.map((line) => line.replace(/ \(.*/, ""))).toEqual([
      `node2 → node3: the pod's address is translated over IPv4, it arrives as ${own}`,
      `node2 → node1: the pod's address is translated over IPv4, it arrives as ${own}`,
    ]);
  });

  test("a path that is too narrow for the MTU", async () => {
    const found = await broken("node3", "ip link set eth0 mtu 1400", "ip link set eth0 mtu 1500");
    expect(found).toContainEqual(
      expect.stringMatching(/^node3 → node1: packets of 1500 bytes do not arrive over IPv4; the path carries 1400/),
    );
  });

  test("a plugin that is not there, on one node only", async () => {
    const found = await broken(
      "node2",
      "mv /opt/cni/bin/bridge /opt/cni/bin/elsewhere",
      "mv /opt/cni/bin/elsewhere /opt/cni/bin/bridge",
    );
    expect(found).toEqual([expect.stringMatching(/^node2: CNI plugin bridge: .*not found/)]);
  });
});

describe("a run that ends early leaves nothing", () => {
  /** Dies when all probe pods are attached. */
  const dead: RunOn = (node, script, options) =>
    /config:|ip netns add/.test(script)
      ? runOver(pool, {})(node, script, options)
      : Promise.reject(new Error("killed"));

  test("Ctrl-C", async () => {
    const before = await Promise.all(names.map((node) => traces(lab, node)));
    const controller = new AbortController();
    const run = probeNetwork(settingsOf(lab), runOver(pool, {}), {
      signal: controller.signal,
      progress: () => controller.abort(new Error("stopped by Ctrl-C")),
    });
    await expect(run).rejects.toThrow("stopped by Ctrl-C");
    expect(await Promise.all(names.map((node) => traces(lab, node)))).toEqual(before);
  });

  test("a death of the whole process: the node's own guard removes the probe pod", async () => {
    const before = await Promise.all(names.map((node) => traces(lab, node)));
    await lines({ guardSeconds: 40 }, dead);
    expect(await left(lab, "node1")).toMatch(/is in .*\.probes[\s\S]*podnet-probe-/);
    const all = () => Promise.all(names.map((node) => traces(lab, node)));
    await expect.poll(all, { timeout: 300_000, interval: 1000 }).toEqual(before);
  });

  test("a reboot: the next run removes what it finds", async () => {
    const before = await Promise.all(names.map((node) => traces(lab, node)));
    await lines({}, dead);
    for (const node of names)
      await must(
        lab,
        node,
        `cd /var/lib/podnet/.probes/* && kill -- -$(cat guard.pid) && echo another > boot && ip netns delete podnet-probe-\${PWD##*/}`,
      );
    expect(await lines()).toEqual([]);
    expect(await Promise.all(names.map((node) => traces(lab, node)))).toEqual(before);
  });
});
