import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { CalicoNetworkArgs } from "../../../components";
import { failure } from "../bed";
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
  restartDaemon,
} from "../kubernetes/steps";
import { kubectl, podsOf, startWeb, webPodsOn } from "../kubernetes/web";
import { difference, inCluster } from "../kubernetes/world";
import { againstMtu, seenOnTheWire } from "../wire";
import { type World, world } from "./world";

const nodes = [
  { name: "node1", segment: "a", kind: "kubernetes" },
  { name: "node2", segment: "b", kind: "kubernetes" },
] as const;
const members = ["node1", "node2"];

const settings: Partial<CalicoNetworkArgs> = {
  podCidr: ["10.244.0.0/16", "fd98:244::/48"],
  serviceCidr: ["10.96.0.0/16", "fd98:96::/112"],
  encapsulation: "VXLAN",
};
/** 1500 of the NICs, less 70 of VXLAN over IPv6. */
const mtu = 1430;

/** What Calico may take to follow on a busy machine. */
const timeout = 240_000;

let place: World;
beforeAll(async () => {
  place = await world("calico-tunnel", [...nodes]);
});
afterAll(() => place?.end());

/** Whether the web pod of a node gets an answer of an address outside of the cluster. */
async function reaches(node: string, address: string): Promise<boolean> {
  const [pod] = await webPodsOn(place.lab, [node]);
  return (await place.lab.inPod(node, pod?.name ?? "", `ping -q -c 2 -i 0.3 -W 1 ${address}`)).code === 0;
}

/** Nodes by the blocks of addresses that they have taken. */
async function blockOwners(): Promise<string[]> {
  const nodes = await kubectl(place.lab, "get blockaffinities -o jsonpath={.items[*].spec.node}");
  return nodes.split(" ").toSorted();
}

describe.sequential("Calico's VXLAN in a cluster over two segments, dual stack", () => {
  test("preview touches neither nodes nor cluster", async () => {
    place.want(members, settings);
    const { changeSummary } = await place.stack.preview();
    expect(changeSummary.create).toBeGreaterThan(30);
    expect(await inCluster(place.lab)).toEqual([]);
    expect(difference(place.found.get("node1") ?? "", await place.lab.snapshot("node1"))).toEqual([]);
  });

  test("up makes it from the local images: nodes are Ready, and pods and a service answer everywhere", async () => {
    const { outputs, stdout } = await place.stack.up();
    // Calico's IPAM tells of its work on stderr, which is no complaint.
    expect(stdout).not.toContain("removing its probe pod");
    expect(outputs.mtu?.value).toBe(mtu);
    expect(outputs.matrix?.value).toMatchObject({ failures: [] });
    await kubectl(place.lab, "wait node --all --for=condition=Ready --timeout=240s");
    await startWeb(place.lab);
    await expectAnswers(place.lab, members);
  });

  test("pods' addresses are of blocks that the nodes took from the pools, not of the nodes' podCIDRs", async () => {
    expect(await blockOwners()).toEqual(["node1", "node1", "node2", "node2"]);
    const blocks = await kubectl(place.lab, "get ipamblocks -o jsonpath={.items[*].spec.cidr}");
    expect(blocks.split(" ").toSorted()).toEqual([
      expect.stringMatching(/^10\.244\.[\d.]+\/26$/),
      expect.stringMatching(/^10\.244\.[\d.]+\/26$/),
      expect.stringMatching(/^fd98:244:.*\/122$/),
      expect.stringMatching(/^fd98:244:.*\/122$/),
    ]);
  });

  test("packets between nodes are VXLAN on port 4789, with the pods' own addresses inside", async () => {
    const seen = await seenOnTheWire(place.lab, "node1", "node2", "udp port 4789", webPodsOn);
    expect(seen).toMatch(/VXLAN.* vni 4096/);
    expect(seen).toMatch(/IP 10\.244\.\d+\.\d+ > 10\.244\.\d+\.\d+: ICMP echo request/);
  });

  test("the largest packet of a pod is of the MTU that was worked out, in both families", async () => {
    expect(await againstMtu(place.lab, members, mtu, webPodsOn)).toEqual([]);
  });

  test("an unchanged up does nothing", async () => {
    await expectNothingToDo(place.stack);
  });

  test("a NetworkPolicy is enforced within a node and between nodes, and one that allows opens what it says", async () => {
    await startClients(place.lab);
    await expectReached(place.lab, allOf(members, "friend", "stranger"));
    await apply(place.lab, denyAll);
    await expectReached(place.lab, []);
    await apply(place.lab, allowFriends);
    await expectReached(place.lab, allOf(members, "friend"));
  });

  test("globalPolicies close a net to pods, and open it again when they go; NetworkPolicies hold meanwhile", async () => {
    const router = place.lab.routers.a.ipv4;
    const closed: Partial<CalicoNetworkArgs> = {
      networkSets: { outside: { nets: [`${router}/32`], labels: { place: "outside" } } },
      globalPolicies: {
        "no-outside": {
          // Behind the NetworkPolicies.
          order: 2000,
          selector: "all()",
          egress: [{ action: "deny", to: { selector: "place == 'outside'" } }, { action: "allow" }],
        },
      },
    };
    await expect.poll(() => reaches("node1", router), { timeout }).toBe(true);
    place.want(members, { ...settings, ...closed });
    await place.stack.up();
    await expect.poll(() => reaches("node1", router), { timeout }).toBe(false);
    await expect.poll(() => reaches("node1", place.lab.routers.b.ipv4), { timeout }).toBe(true);
    await expectStillReached(place.lab, allOf(members, "friend"));
    place.want(members, settings);
    await place.stack.up();
    await expect.poll(() => reaches("node1", router), { timeout }).toBe(true);
  });

  test.each<[string, Partial<CalicoNetworkArgs>, RegExp]>([
    ["another tunnel", { encapsulation: "None" }, /pools\.default-ipv4\.encapsulation[\s\S]*lose each other's packets/],
    ["addresses given by others", { ipam: "host-local" }, /ipam[\s\S]*give the same address to two pods/],
    [
      "other pod addresses",
      { podCidr: ["10.240.0.0/16", "fd98:244::/48"] },
      /podCidr[\s\S]*running pods have addresses/,
    ],
  ])("%s is refused at preview, with the reason", async (_what, other, reason) => {
    place.want(members, { ...settings, ...other });
    expect(await failure(place.stack.preview())).toMatch(reason);
    await expectStillReached(place.lab, allOf(members, "friend"));
  });

  test("a node that reboots enforces the same policy again", async () => {
    place.want(members, settings);
    await expectEnforcedAfterReboot(place, members, "node2");
  });

  test("what somebody changed by hand on a node and in the cluster is found by refresh and repaired by up", async () => {
    await stopClients(place.lab);
    await place.lab.exec("node1", "rm /etc/modules-load.d/podnet-pods.conf");
    await kubectl(place.lab, "delete ippool default-ipv6");
    const refreshed = await place.stack.refresh();
    expect(refreshed.summary.resourceChanges).toMatchObject({ update: 1, delete: 1 });
    expect(refreshed.stdout).toContain("file /etc/modules-load.d/podnet-pods.conf: absent");
    await place.stack.up();
    await expectNoDrift(place.stack);
    await expectAnswers(place.lab, members);
  });

  test("a calico-node that is started again puts back its device and routes, whoever deleted them", async () => {
    await place.lab.exec("node1", "ip link delete vxlan.calico; ip link delete vxlan-v6.calico");
    await restartDaemon(place, "node1");
    await expectAnswers(place.lab, members);
  });

  test("a node that is added gets the network; one that leaves the cluster keeps nothing of it", async () => {
    await expectJoined(place, [...nodes], settings);
    await expectLeft(place, [...nodes], settings);
  });

  test("the addresses of pods that are gone are given back", async () => {
    const given = async () => {
      const text = await kubectl(place.lab, "get ipamhandles -o jsonpath={.items[*].spec.handleID}");
      return text.split(" ").filter((handle) => handle.startsWith("k8s-pod-network.")).length;
    };
    const running = async () => (await podsOf(place.lab, "web")).length + (await controllers());
    await expect.poll(async () => (await given()) - (await running()), { timeout }).toBe(0);
    const before = await running();
    await kubectl(place.lab, "delete daemonset/web --cascade=foreground --timeout=240s");
    await expect.poll(given, { timeout }).toBe(before - members.length);
  });

  test("destroy leaves no trace on nodes and in the cluster, and a route of the node's own BIRD alone", async () => {
    await expectOnlyForeignRoute(place, members);
  });
});

/** Pods of Calico's controllers that run; they have addresses of the pools too. */
async function controllers(): Promise<number> {
  const names = await kubectl(place.lab, "get pods -n kube-system -l k8s-app=calico-kube-controllers -o name");
  return names.split("\n").filter(Boolean).length;
}
