import { describe, expect, test } from "vitest";
import { failureLines } from "../../../components/verification/failures";
import { matrix, passed } from "../../../components/verification/matrix";
import type { Answer } from "../../../components/verification/phases/probe";
import {
  judge,
  type Planned,
  type PodAddresses,
  planProbes,
  sharedAddresses,
  type Verdict,
} from "../../../components/verification/probes";
import { verificationSettings } from "../../../components/verification/settings";

/** A cluster of n nodes, node i with pod 10.244.i.2 and address 192.0.2.i. */
function cluster(count: number) {
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const settings = verificationSettings.parse({
    network: "pods",
    nodes: numbers.map((n) => ({ name: `node${n}`, connection: { host: "192.0.2.1" }, addresses: [`192.0.2.${n}`] })),
    cni: { configFile: "/etc/cni/net.d/10-pods.conflist" },
    mtu: 1500,
  });
  const pods: PodAddresses = new Map(numbers.map((n) => [`node${n}`, { ipv4: `10.244.${n}.2` }]));
  const everybody = numbers.map((n) => `10.244.${n}.2`);
  const seen = new Map(numbers.map((n) => [`node${n}`, everybody]));
  return { settings, pods, seen };
}

const good = (planned: Planned): Answer => ({
  reachable: true,
  milliseconds: 0.2,
  ...(planned.kind === "pod" && { fullSize: true }),
});
const silent: Answer = { reachable: false };

function verdict(
  { settings, pods, seen }: ReturnType<typeof cluster>,
  answer: (planned: Planned) => Answer = good,
): Verdict {
  const plan = planProbes(settings, pods);
  return {
    network: settings.network,
    nodes: settings.nodes.map((node) => node.name),
    probes: [...plan.values()].flatMap((planned) => judge(planned, planned.map(answer), settings, pods, seen)),
    unprobed: [],
    complaints: [],
  };
}

describe("what is probed", () => {
  test("own pod, every other pod at full size, every other node's address", () => {
    const { settings, pods } = cluster(2);
    expect(planProbes(settings, pods).get("node1")).toEqual([
      { kind: "ownPod", from: "node1", to: "node1", question: { from: "node", family: "ipv4", address: "10.244.1.2" } },
      {
        kind: "pod",
        from: "node1",
        to: "node2",
        question: { from: "pod", family: "ipv4", address: "10.244.2.2", mtu: 1500 },
      },
      { kind: "node", from: "node1", to: "node2", question: { from: "pod", family: "ipv4", address: "192.0.2.2" } },
    ]);
  });

  test("a node without a probe pod is not probed by pods, its address is", () => {
    const { settings, pods } = cluster(2);
    pods.delete("node2");
    expect(planProbes(settings, pods).get("node2")).toEqual([]);
    expect(
      planProbes(settings, pods)
        .get("node1")
        ?.map((planned) => planned.kind),
    ).toEqual(["ownPod", "node"]);
  });
});

describe("failures in the user's words", () => {
  const three = cluster(3);
  const lines = (answer: (planned: Planned) => Answer) => failureLines(verdict(three, answer), 1500);

  test("none when all answer", () => {
    expect(lines(good)).toEqual([]);
    expect(passed(verdict(three), three.settings)).toBe(true);
  });

  test("one pair", () => {
    const broken = (planned: Planned) =>
      planned.kind === "pod" && planned.from === "node1" && planned.to === "node3" ? silent : good(planned);
    expect(lines(broken)).toEqual(["node1 → node3: no answer over IPv4 (10.244.1.2 → 10.244.3.2)"]);
    expect(passed(verdict(three, broken), three.settings)).toBe(false);
  });

  test("full size, with what the path carries", () => {
    const small = (planned: Planned) =>
      planned.kind === "pod" && planned.to === "node2" && planned.from === "node1"
        ? { reachable: true, milliseconds: 0.2, fullSize: false, pathMtu: 1450 }
        : good(planned);
    expect(lines(small)).toEqual([
      "node1 → node2: packets of 1500 bytes do not arrive over IPv4; the path carries 1450 (10.244.1.2 → 10.244.2.2)",
    ]);
  });

  test("a pod that arrives under its node's address", () => {
    const translated = cluster(3);
    translated.seen.set("node3", ["10.244.2.2", "192.0.2.1"]);
    expect(failureLines(verdict(translated), 1500)).toEqual([
      "node1 → node3: the pod's address is translated over IPv4, it arrives as 192.0.2.1 (10.244.1.2 → 10.244.3.2)",
    ]);
  });

  test("a receiver that could not be asked accuses nobody", () => {
    const unasked = cluster(3);
    unasked.seen.delete("node3");
    expect(failureLines(verdict(unasked), 1500)).toEqual([]);
  });

  test("the node's own pod", () => {
    const deaf = (planned: Planned) => (planned.kind === "ownPod" && planned.to === "node2" ? silent : good(planned));
    expect(lines(deaf)).toEqual(["node2: its own pod does not answer over IPv4 (10.244.2.2 → 10.244.2.2)"]);
  });
});

describe("large clusters", () => {
  const large = cluster(200);

  test("a node that nobody reaches is one line", () => {
    const lost = (planned: Planned) => (planned.kind === "pod" && planned.to === "node7" ? silent : good(planned));
    expect(failureLines(verdict(large, lost), 1500)).toEqual([
      "every probing node → node7: no answer over IPv4 (3 probes → 10.244.7.2)",
    ]);
  });

  test("a network that carries nothing is one line", () => {
    const dead = (planned: Planned) => (planned.kind === "pod" ? silent : good(planned));
    expect(failureLines(verdict(large, dead), 1500)).toEqual([
      "every node → every node: no answer over IPv4 (600 probes)",
    ]);
  });

  test("many unrelated failures are cut off with their number", () => {
    const flaky = (planned: Planned) => (planned.kind === "ownPod" ? silent : good(planned));
    const odd = (planned: Planned) => (planned.from.endsWith("1") ? flaky(planned) : good(planned));
    const lines = failureLines(verdict(large, odd), 1500, 5);
    expect(lines).toHaveLength(6);
    expect(lines[5]).toBe("and 15 more; podnet verify --json lists all");
  });

  test("nodes that could not be probed for one reason share a line", () => {
    const unprobed = large.settings.nodes.map((node) => ({ node: node.name, reason: "no route to host" }));
    expect(failureLines({ ...verdict(large), probes: [], unprobed }, 1500)).toEqual([
      "node1, node2, node3, node4 and 196 more nodes: no route to host",
    ]);
  });

  test("the matrix has no rows and its size does not follow the number of nodes", () => {
    const slow = (planned: Planned) =>
      planned.kind === "pod" && planned.from === "node9" && planned.to === "node10"
        ? { ...good(planned), milliseconds: 31.4 }
        : good(planned);
    const result = matrix(verdict(large, slow), large.settings);
    expect(result.summary).toBe(
      "200 nodes, 3 peers a node; all 1400 probes pass at 1500 bytes; 0.20 ms in the middle, 31 ms at most (node9 → node10)",
    );
    expect(result.rows).toEqual([]);
  });
});

test("the matrix of a small cluster has a row a node", () => {
  const three = cluster(3);
  const broken = (planned: Planned) =>
    planned.kind === "pod" && planned.from === "node1" && planned.to === "node3" ? silent : good(planned);
  expect(matrix(verdict(three, broken), three.settings).rows).toEqual([
    "node1 → node2 0.20 ms, node3 no answer",
    "node2 → node3 0.20 ms, node1 0.20 ms",
    "node3 → node1 0.20 ms, node2 0.20 ms",
  ]);
});

test("pods with one address are no proof, and each is named with the other", () => {
  const pods: PodAddresses = new Map([
    ["node1", { ipv4: "192.0.2.10", ipv6: "fd00::1" }],
    ["node2", { ipv4: "192.0.2.11", ipv6: "fd00::2" }],
    ["node3", { ipv4: "192.0.2.10", ipv6: "fd00::3" }],
  ]);
  expect(sharedAddresses(pods)).toEqual([
    { node: "node1", reason: "its probe pod was given 192.0.2.10, which the one of node3 has too" },
    { node: "node3", reason: "its probe pod was given 192.0.2.10, which the one of node1 has too" },
  ]);
});
