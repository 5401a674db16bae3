import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CanalNetworkArgs } from "../../../components";
import {
  allOf,
  allowFriends,
  apply,
  denyAll,
  expectReached,
  expectStillReached,
  startClients,
  stopClients,
} from "../kubernetes/policy";
import {
  expectAnswers,
  expectEnforcedAfterReboot,
  expectJoined,
  expectLeft,
  expectNoDrift,
  expectNothingToDo,
  expectOnlyForeignRoute,
  expectRefused,
  restartDaemon,
} from "../kubernetes/steps";
import { kubectl, lostAnswers, startWeb, webPodsOn } from "../kubernetes/web";
import { difference, inCluster } from "../kubernetes/world";
import { againstMtu, seenOnTheWire } from "../wire";
import { type World, world } from "./world";

const first = [
  { name: "node1", segment: "a", kind: "kubernetes" },
  { name: "node2", segment: "b", kind: "kubernetes" },
] as const;
const members = ["node1", "node2"];

const settings: Partial<CanalNetworkArgs> = {
  podCidr: ["10.244.0.0/16", "fd98:244::/48"],
  serviceCidr: ["10.96.0.0/16", "fd98:96::/112"],
  backend: { type: "vxlan" },
};
/** 1500 of the NICs, less 70 of VXLAN over IPv6. */
const mtu = 1430;

let place: World;
beforeAll(async () => {
  place = await world("canal-vxlan", [...first]);
});
afterAll(() => place?.end());

describe.sequential("Canal's vxlan in a cluster over two segments, dual stack", () => {
  test("preview touches neither nodes nor cluster", async () => {
    place.want(members, settings);
    const { changeSummary } = await place.stack.preview();
    expect(changeSummary.create).toBeGreaterThan(30);
    expect(await inCluster(place.lab)).toEqual([]);
    expect(difference(place.found.get("node1") ?? "", await place.lab.snapshot("node1"))).toEqual([]);
  });

  test("up makes it from the local images: nodes are Ready, and pods and a service answer everywhere", async () => {
    const { outputs } = await place.stack.up();
    expect(outputs.mtu?.value).toBe(mtu);
    expect(outputs.matrix?.value).toMatchObject({ failures: [] });
    await kubectl(place.lab, "wait node --all --for=condition=Ready --timeout=240s");
    await startWeb(place.lab);
    await expectAnswers(place.lab, members);
  });

  test("packets between nodes are VXLAN on port 8472, with the pods' own addresses inside", async () => {
    const seen = await seenOnTheWire(place.lab, "node1", "node2", "udp port 8472", webPodsOn);
    expect(seen).toMatch(/VXLAN|OTV/);
    expect(seen).toMatch(/IP 10\.244\.\d\.\d+ > 10\.244\.\d\.\d+: ICMP echo request/);
  });

  test("the largest packet of a pod is of the MTU that was worked out, in both families", async () => {
    expect(await againstMtu(place.lab, members, mtu, webPodsOn)).toEqual([]);
  });

  test("an unchanged up does nothing", async () => {
    await expectNothingToDo(place.stack);
  });

  test("a policy that denies is enforced within a node and between nodes, and one that allows opens what it says", async () => {
    await startClients(place.lab);
    await expectReached(place.lab, allOf(members, "friend", "stranger"));
    await apply(place.lab, denyAll);
    await expectReached(place.lab, []);
    await apply(place.lab, allowFriends);
    await expectReached(place.lab, allOf(members, "friend"));
    // The kubelet's own questions pass whatever the policy.
    await kubectl(place.lab, "rollout status daemonset/web --timeout=240s");
  });

  test.each([
    [
      "another backend",
      { backend: { type: "wireguard" } as const },
      /backend\.type[\s\S]*nodes ignore those with another/,
    ],
    [
      "other pod addresses",
      { podCidr: ["10.240.0.0/16", "fd98:244::/48"] },
      /podCidr[\s\S]*running pods have addresses/,
    ],
  ])("%s is refused at preview, with the reason and the way round", async (_what, other, reason) => {
    place.want(members, { ...settings, ...other });
    await expectRefused(place.stack, reason);
    await expectStillReached(place.lab, allOf(members, "friend"));
  });

  test("a node that reboots enforces the same policy again", async () => {
    place.want(members, settings);
    await expectEnforcedAfterReboot(place, members, "node2");
  });

  test("what somebody changed by hand on a node and in the cluster is found by refresh and repaired by up", async () => {
    await stopClients(place.lab);
    await place.lab.exec("node1", "sysctl -qw net.ipv4.ip_forward=0; rm /etc/modules-load.d/podnet-pods.conf");
    await kubectl(place.lab, "delete configmap canal-config -n kube-system");
    const refreshed = await place.stack.refresh();
    expect(refreshed.summary.resourceChanges).toMatchObject({ update: 1, delete: 1 });
    expect(refreshed.stdout).toContain("sysctl net/ipv4/ip_forward");
    await place.stack.up();
    await expectNoDrift(place.stack);
    await expectAnswers(place.lab, members);
  });

  test("a pod of Canal's that is started again puts back flannel's device and routes, whoever deleted them", async () => {
    await place.lab.exec("node1", "ip link delete flannel.1");
    expect(await lostAnswers(place.lab, members)).not.toEqual([]);
    await restartDaemon(place, "node1");
    await expectAnswers(place.lab, members);
  });

  test("a node that is added gets the network; one that leaves the cluster keeps nothing of it", async () => {
    await expectJoined(place, [...first], settings);
    await expectLeft(place, [...first], settings);
  });

  test("destroy leaves no trace on nodes and in the cluster, and a route of the node's own BIRD alone", async () => {
    await expectOnlyForeignRoute(place, members);
  });
});
