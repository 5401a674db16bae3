import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CalicoNetworkArgs } from "../../../components";
import { allOf, allowFriends, apply, denyAll, expectReached, startClients, stopClients } from "../kubernetes/policy";
import { expectAnswers, expectBackAfterReboot, expectNothingToDo, restartDaemon } from "../kubernetes/steps";
import { kubectl, startWeb, webPodsOn } from "../kubernetes/web";
import { leftBehind } from "../kubernetes/world";
import { againstMtu, seenOnTheWire } from "../wire";
import { type World, world } from "./world";

const nodes = [
  { name: "node1", kind: "kubernetes" },
  { name: "node2", kind: "kubernetes" },
] as const;
const members = ["node1", "node2"];
const settings: Partial<CalicoNetworkArgs> = { encapsulation: "None" };

let place: World;
beforeAll(async () => {
  place = await world("calico-plain", [...nodes]);
});
afterAll(() => place?.end());

/** Routes that BIRD made to the other node's pods. */
async function learned(node: string): Promise<string[]> {
  const { stdout } = await place.lab.exec(node, "ip -4 route show proto bird");
  return stdout.split("\n").filter((line) => line.includes(" via "));
}

describe.sequential("Calico without encapsulation, by BGP, in a cluster of one segment", () => {
  test("up makes it, nodes are Ready, and pods and a service answer everywhere", async () => {
    place.want(members, settings);
    const { outputs } = await place.stack.up();
    expect(outputs.mtu?.value).toBe(1500);
    expect(outputs.ports?.value).toEqual([expect.objectContaining({ protocol: "tcp", port: 179 })]);
    await kubectl(place.lab, "wait node --all --for=condition=Ready --timeout=240s");
    await startWeb(place.lab);
    await expectAnswers(place.lab, members);
  });

  test("nodes learn each other's blocks by BGP, and packets go plain on the wire, as large as the NIC's", async () => {
    const other = place.lab.nodes.find(({ name }) => name === "node2")?.addresses.ipv4;
    expect(await learned("node1")).toEqual([expect.stringMatching(`^10\\.244\\.[\\d.]+/26 via ${other} dev eth0`)]);
    const seen = await seenOnTheWire(place.lab, "node1", "node2", "icmp and net 10.244.0.0/16", webPodsOn);
    expect(seen).toMatch(/IP 10\.244\.\d+\.\d+ > 10\.244\.\d+\.\d+: ICMP echo request/);
    expect(await againstMtu(place.lab, members, 1500, webPodsOn)).toEqual([]);
  });

  test("an unchanged up does nothing", async () => {
    await expectNothingToDo(place.stack);
  });

  test("a NetworkPolicy is enforced within a node and between nodes", async () => {
    await startClients(place.lab);
    await expectReached(place.lab, allOf(members, "friend", "stranger"));
    await apply(place.lab, denyAll);
    await apply(place.lab, allowFriends);
    await expectReached(place.lab, allOf(members, "friend"));
    await stopClients(place.lab);
  });

  test("a route that somebody deleted is back by itself, and all are after a restart and a reboot", async () => {
    const [route = ""] = await learned("node1");
    await place.lab.exec("node1", `ip route del ${route.split(" ")[0]}`);
    await expect.poll(() => learned("node1"), { timeout: 240_000 }).toEqual([route]);
    await restartDaemon(place, "node1");
    await expectAnswers(place.lab, members);
    await expectBackAfterReboot(place, members, "node2");
    await expect.poll(() => learned("node1"), { timeout: 240_000 }).toEqual([route]);
  });

  test("destroy leaves no trace on nodes and in the cluster", async () => {
    expect(await leftBehind(place, members)).toEqual([]);
  });
});
