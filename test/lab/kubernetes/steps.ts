import type { Stack } from "@pulumi/pulumi/automation";
import { expect } from "vitest";
import { type Lab, type UpOptions, up } from "../../../lab";
import { failure } from "../bed";
import { allOf, whoReaches } from "./policy";
import { kubectl, lostAnswers } from "./web";
import { leftBehind, type World } from "./world";

/** What the nodes of a cluster must go through whatever network they have. */

export async function expectNothingToDo(stack: Stack): Promise<void> {
  const { summary } = await stack.up();
  expect(Object.keys(summary.resourceChanges ?? {})).toEqual(["same"]);
}

/** Refresh after up: nothing is other than it was wanted. */
export async function expectNoDrift(stack: Stack): Promise<void> {
  expect(Object.keys((await stack.refresh()).summary.resourceChanges ?? {})).toEqual(["same"]);
}

/** What daemons, a kubelet and pods that start again may take on a busy machine. */
const timeout = 300_000;

/** A network's daemons and kube-proxy do their work some time after pods are ready. */
export const expectAnswers = (lab: Lab, nodes: readonly string[]): Promise<void> =>
  expect.poll(() => lostAnswers(lab, nodes).catch(String), { timeout }).toEqual([]);

export async function expectRefused(stack: Stack, reason: RegExp): Promise<void> {
  const said = await failure(stack.preview());
  expect(said).toMatch(reason);
  expect(said).toContain("stop the workloads, destroy the network");
}

/** Waits until the network's pod on every node is of the wanted make, and ready. */
async function rolledOut<Args>({ lab, kind }: World<Args>): Promise<void> {
  const { namespace, name } = kind.daemonSet;
  await kubectl(lab, `rollout status daemonset/${name} -n ${namespace} --timeout=480s`);
}

/** Ends the network's pod of a node, and waits until another is ready. */
export async function restartDaemon<Args>(place: World<Args>, node: string): Promise<void> {
  const { namespace, name } = place.kind.daemonSet;
  const pods = await kubectl(place.lab, `get pods -n ${namespace} -o name --field-selector=spec.nodeName=${node}`);
  const own = pods.split("\n").filter((pod) => pod.startsWith(`pod/${name}-`));
  await kubectl(place.lab, `delete ${own.join(" ")} -n ${namespace}`);
  await rolledOut(place);
}

export async function expectBackAfterReboot<Args>(place: World<Args>, members: string[], node: string): Promise<void> {
  await place.lab.reboot(node);
  await place.lab.waitForSsh(node);
  await expectAnswers(place.lab, members);
  await rolledOut(place);
}

/** Friends reach the web pods again, and nobody else does. */
export async function expectEnforcedAfterReboot<Args>(
  { lab }: World<Args>,
  members: string[],
  node: string,
): Promise<void> {
  await lab.reboot(node);
  await lab.waitForSsh(node);
  await expect.poll(() => whoReaches(lab).catch(String), { timeout }).toEqual(allOf(members, "friend"));
}

/**
 * Taken down, a network leaves nothing but what was another's all the time: a route of a BIRD that the node runs for
 * itself, which the kernel marks as it marks Calico's.
 */
export async function expectOnlyForeignRoute<Args>(place: World<Args>, members: readonly string[]): Promise<void> {
  const [node = ""] = members;
  const { ipv4 } = place.lab.routers.a;
  await place.lab.exec(node, `ip route add 203.0.113.0/24 via ${ipv4} proto bird`);
  expect(await leftBehind(place, members)).toEqual([`${node}: + 203.0.113.0/24 via ${ipv4} dev eth0 proto bird`]);
}

type Nodes = NonNullable<UpOptions["nodes"]>;

/** A node joins the cluster and gets the network. */
export async function expectJoined<Args>(place: World<Args>, first: Nodes, settings: Partial<Args>): Promise<void> {
  place.lab = await up({ name: place.lab.name, nodes: [...first, { name: "node3", kind: "kubernetes" }] });
  const all = [...first.map(({ name }) => name), "node3"];
  place.want(all, settings);
  await place.stack.up();
  await kubectl(place.lab, "rollout status daemonset/web --timeout=480s");
  await expectAnswers(place.lab, all);
  expect(await ofNetwork(place, "node3")).not.toEqual([]);
}

/** That node leaves the cluster, in the order that the documents say, and keeps nothing of the network. */
export async function expectLeft<Args>(
  place: World<Args>,
  first: Nodes,
  settings: Partial<Args>,
  detach: () => Promise<unknown> = async () => undefined,
): Promise<void> {
  const members = first.map(({ name }) => name);
  await kubectl(place.lab, "drain node3 --ignore-daemonsets");
  await kubectl(place.lab, "delete node node3");
  // The cluster itself does it after a minute or so.
  await kubectl(place.lab, "delete pods --all-namespaces --field-selector=spec.nodeName=node3 --wait=false");
  await expect.poll(() => running(place, "node3"), { timeout }).toBe("");
  await detach();
  place.want(members, settings);
  await place.stack.up();
  await expect.poll(() => ofNetwork(place, "node3"), { timeout: 60_000 }).toEqual([]);
  place.lab = await up({ name: place.lab.name, nodes: [...first] });
  await expectAnswers(place.lab, members);
}

const running = async <Args>({ lab }: World<Args>, node: string) =>
  (await lab.exec(node, "pgrep -l 'flanneld|calico|agnhost'")).stdout;

/** Lines about a node that name what a network or podnet made; a cluster puts its network on a node as soon as it joins. */
async function ofNetwork<Args>({ lab }: World<Args>, node: string): Promise<string[]> {
  const made = /flannel|\bcali|podnet|cni0|10\.244\.\d+\.0\/24/i;
  return (await lab.snapshot(node)).split("\n").filter((line) => made.test(line));
}
