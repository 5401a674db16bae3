import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { byTag, type Case, cyclonus, everyCase, type Selection } from "../kubernetes/cyclonus";
import { expectAnswers } from "../kubernetes/steps";
import { kubectl, startWeb, stopWeb, webPodsOn } from "../kubernetes/web";
import { leftBehind } from "../kubernetes/world";
import { againstMtu, seenOnTheWire } from "../wire";
import { type World, world } from "./world";

const members = ["node1", "node2"];

let place: World;
beforeAll(async () => {
  place = await world("canal-plain", [
    { name: "node1", kind: "kubernetes" },
    { name: "node2", kind: "kubernetes" },
  ]);
});
afterAll(() => place?.end());

/** A case or more of every group of tags but `target`. */
const sample: Selection[] = [
  {
    include: ["set-pod-labels", "policy-namespace", "pathological", "any-peer"],
    exclude: ["egress", "all-pods", "named-port"],
  },
  { include: ["ip-block-with-except"], exclude: ["ingress"] },
];

/** `npm run conformance` names tags, or none, which is every case. */
function selections(): Selection[] {
  const asked = process.env.PODNET_CONFORMANCE;
  if (asked === undefined) return sample;
  return asked === "" ? everyCase : [{ include: asked.split(",") }];
}

const hours = 3_600_000;

describe.sequential("Canal's host-gw in a cluster of one segment", () => {
  test("up makes it, nodes are Ready, and pods and a service answer everywhere", async () => {
    place.want(members, { backend: { type: "host-gw" } });
    const { outputs } = await place.stack.up();
    expect(outputs.mtu?.value).toBe(1500);
    expect(outputs.ports?.value).toEqual([]);
    await kubectl(place.lab, "wait node --all --for=condition=Ready --timeout=240s");
    await startWeb(place.lab);
    await expectAnswers(place.lab, members);
  });

  test("packets between nodes are the pods' own, and the largest is the NIC's", async () => {
    const seen = await seenOnTheWire(place.lab, "node1", "node2", "icmp and net 10.244.0.0/16", webPodsOn);
    expect(seen).toMatch(/IP 10\.244\.\d\.\d+ > 10\.244\.\d\.\d+: ICMP echo request/);
    expect(await againstMtu(place.lab, members, 1500, webPodsOn)).toEqual([]);
    await stopWeb(place.lab);
  });

  test("every connection that cyclonus tries is allowed or not as Kubernetes' rules say", {
    timeout: 6 * hours,
  }, async () => {
    const log = join(tmpdir(), "podnet-cyclonus.log");
    const cases: Case[] = [];
    for (const selection of selections()) {
      cases.push(...(await cyclonus(place.lab, selection, log)));
      if (process.env.PODNET_CONFORMANCE !== undefined) console.log(`So far, by tag:\n${byTag(cases).join("\n")}`);
    }
    const tried = new Set(cases.flatMap(({ tags }) => tags));
    const aimedAt = selections().flatMap(({ include }) => include);
    // A tag without a case is a word that cyclonus does not know, or has other cases of.
    expect(aimedAt.filter((tag) => !tried.has(tag))).toEqual([]);
    expect(cases.filter(({ right }) => !right)).toEqual([]);
  });

  test("destroy leaves no trace on nodes and in the cluster", async () => {
    await kubectl(place.lab, "delete namespaces x y z --ignore-not-found --timeout=240s");
    expect(await leftBehind(place, members)).toEqual([]);
  });
});
