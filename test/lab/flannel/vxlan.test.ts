import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { FlannelNetworkArgs } from "../../../components";
import {
  expectAnswers,
  expectBackAfterReboot,
  expectJoined,
  expectLeft,
  expectNoDrift,
  expectNothingToDo,
  expectRefused,
  restartDaemon,
} from "../kubernetes/steps";
import { kubectl, lostAnswers, startWeb } from "../kubernetes/web";
import { difference, inCluster } from "../kubernetes/world";
import { detachAll, lostPairs } from "../pods";
import { againstMtu, seenOnTheWire } from "../wire";
import { leftBehind, type World, world } from "./world";

const first = [
  { name: "node1", segment: "a", kind: "kubernetes" },
  { name: "node2", segment: "b", kind: "kubernetes" },
] as const;
const members = ["node1", "node2"];
const all = [...members, "node3"];

const settings: Partial<FlannelNetworkArgs> = {
  podCidr: ["10.244.0.0/16", "fd98:244::/48"],
  serviceCidr: ["10.96.0.0/16", "fd98:96::/112"],
  backend: { type: "vxlan" },
};
/** 1500 of the NICs, less 70 of VXLAN over IPv6. */
const mtu = 1430;

let place: World;
beforeAll(async () => {
  place = await world("flannel-vxlan", [...first]);
});
afterAll(() => place?.end());

describe.sequential("flannel's vxlan in a cluster over two segments, dual stack", () => {
  test("preview touches neither nodes nor cluster", async () => {
    place.want(members, settings);
    const { changeSummary } = await place.stack.preview();
    expect(changeSummary.create).toBeGreaterThan(8);
    expect(await inCluster(place.lab)).toEqual([]);
    expect(difference(place.found.get("node1") ?? "", await place.lab.snapshot("node1"))).toEqual([]);
  });

  test("up makes it from the local images: nodes are Ready, and pods and a service answer everywhere", async () => {
    const { outputs } = await place.stack.up();
    expect(outputs.mtu?.value).toBe(mtu);
    await kubectl(place.lab, "wait node --all --for=condition=Ready --timeout=240s");
    await startWeb(place.lab);
    await expectAnswers(place.lab, members);
  });

  test("packets between nodes are VXLAN on port 8472, with the pods' own addresses inside", async () => {
    const seen = await seenOnTheWire(place.lab, "node1", "node2", "udp port 8472");
    expect(seen).toMatch(/VXLAN|OTV/);
    expect(seen).toMatch(/IP 10\.244\.\d\.\d+ > 10\.244\.\d\.\d+: ICMP echo request/);
  });

  test("the largest packet of a pod is of the MTU that was worked out, in both families", async () => {
    expect(await againstMtu(place.lab, members, mtu)).toEqual([]);
  });

  test("an unchanged up does nothing", async () => {
    await expectNothingToDo(place.stack);
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
    expect(await lostPairs(place.lab, members)).toEqual([]);
  });

  test("another image is a safe change, and pods keep their traffic", async () => {
    const image = "docker.io/flannel/flannel:v0.28.4";
    const kubernetes = {
      pullPolicy: "Never",
      kubeletConfig: "/etc/kubernetes/kubelet.kubeconfig",
      images: { flannel: image },
    };
    place.want(members, { ...settings, kubernetes } as never);
    expect((await place.stack.preview()).stdout).toMatch(/safe[\s\S]*kubernetes\.images\.flannel/);
    await place.stack.up();
    expect(await kubectl(place.lab, "get pods -n kube-flannel -o jsonpath={.items[*].spec.containers[0].image}")).toBe(
      `${image} ${image}`,
    );
    await expectAnswers(place.lab, members);
  });

  test("what somebody changed by hand on a node is found by refresh and repaired by up", async () => {
    await place.lab.exec("node1", "sysctl -qw net.ipv4.ip_forward=0; rm /etc/modules-load.d/podnet-pods.conf");
    const refreshed = await place.stack.refresh();
    expect(refreshed.summary.resourceChanges).toMatchObject({ update: 1 });
    expect(refreshed.stdout).toContain("sysctl net/ipv4/ip_forward");
    await kubectl(place.lab, "delete configmap kube-flannel-cfg -n kube-flannel");
    expect((await place.stack.refresh()).summary.resourceChanges).toMatchObject({ delete: 1 });
    await place.stack.up();
    await expectNoDrift(place.stack);
    await expectAnswers(place.lab, members);
  });

  test("a flanneld that is started again puts back its device and routes, whoever deleted them", async () => {
    await place.lab.exec("node1", "ip link delete flannel.1");
    expect(await lostAnswers(place.lab, members)).not.toEqual([]);
    await restartDaemon(place, "node1");
    await expectAnswers(place.lab, members);
  });

  test("pods are back after a reboot of their node", async () => {
    await expectBackAfterReboot(place, members, "node2");
    expect(await lostPairs(place.lab, members)).toEqual([]);
  });

  test("a node that is added gets the network; one that leaves the cluster keeps nothing of it", async () => {
    await expectJoined(place, [...first], settings);
    expect(await lostPairs(place.lab, all)).toEqual([]);
    await expectLeft(place, [...first], settings, () => detachAll(place.lab, ["node3"]));
  });

  test("destroy leaves no trace on nodes and in the cluster", async () => {
    expect(await leftBehind(place, members)).toEqual([]);
  });
});
