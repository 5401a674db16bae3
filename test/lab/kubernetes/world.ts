import { setTimeout as sleep } from "node:timers/promises";
import * as k8s from "@pulumi/kubernetes";
import type { ComponentResourceOptions } from "@pulumi/pulumi";
import type { Inventory, Verification } from "../../../components";
import type { UpOptions } from "../../../lab";
import { type Bed, bed } from "../bed";
import { kubectl, stopWeb } from "./web";

/** A network of a cluster, as its tests make it. */
export interface Kind<Args> {
  network: new (
    name: string,
    args: Args,
    options: ComponentResourceOptions,
  ) => { mtu: number | undefined; ports: unknown; verification: Verification | undefined };
  /** What is said of it in every run, but for the nodes. */
  base(lab: Bed["lab"]): Partial<Args>;
  /** Its pods on nodes. */
  daemonSet: { namespace: string; name: string };
}

/** A cluster without a network, what its nodes were like, and a program that makes a network on them. */
export interface World<Args = object> extends Bed {
  kind: Kind<Args>;
  /** Node by node as it was found, and as it is to be left. */
  found: Map<string, string>;
  /** What the next run of the engine makes: the network "pods" on these nodes. */
  want(members: string[], settings?: Partial<Args>): void;
}

export async function world<Args extends { nodes?: Inventory | undefined }>(
  name: string,
  nodes: NonNullable<UpOptions["nodes"]>,
  kind: Kind<Args>,
): Promise<World<Args>> {
  const own = await bed(name, nodes);
  const found = new Map<string, string>();
  for (const node of nodes) found.set(node.name, await settled(own.lab, node.name));
  const want: World<Args>["want"] = (members, settings) => {
    own.program.run = async () => {
      const provider = new k8s.Provider("cluster", { kubeconfig: own.lab.kubeconfigFile });
      const args = { ...kind.base(own.lab), nodes: own.inventory(members), ...settings } as Args;
      const pods = new kind.network("pods", args, { provider });
      return { mtu: pods.mtu, ports: pods.ports, matrix: pods.verification?.matrix };
    };
  };
  return Object.assign(own, { kind, found, want });
}

/** A node once kube-proxy has set its rules, and nothing on it changes by itself any more. */
export async function settled(lab: Bed["lab"], node: string): Promise<string> {
  for (let before = ""; ; ) {
    const seen = await lab.snapshot(node);
    if (seen === before && seen.includes("KUBE-FORWARD")) return seen;
    before = seen;
    await sleep(1000);
  }
}

/**
 * Ends what runs in the network, takes it down, and says what is left of it: of the nodes, in lines that differ.
 *
 * @param detach takes pods away that no cluster knows
 */
export async function leftBehind<Args>(
  { lab, stack, found }: World<Args>,
  nodes: readonly string[],
  detach: () => Promise<unknown> = async () => undefined,
): Promise<string[]> {
  await stopWeb(lab);
  await detach();
  await stack.destroy();
  const left = await Promise.all(
    nodes.map(async (node) => {
      const lines = await leftOn(lab, node, found.get(node) ?? "");
      return lines.map((one) => `${node}: ${one}`);
    }),
  );
  return [...left.flat(), ...(await inCluster(lab))];
}

/** In which lines a node differs from what it was, once what is on its way out is gone. */
export async function leftOn(lab: Bed["lab"], node: string, before: string): Promise<string[]> {
  const left = difference(before, await lab.snapshot(node));
  return left.length === 0 ? left : difference(before, await settled(lab, node));
}

/** Where the container runtime keeps what the plugins answered: made with its first pod, kept when it is empty. */
const runtimes = /^\/var\/lib\/cni(\/results)? d /;

/** kube-proxy's chains, which it writes anew whenever it likes. */
const kubeProxys = /^\tchain KUBE-[\s\S]*?^\t\}\n/gm;

/** Lines that came and lines that went. */
export function difference(before: string, after: string): string[] {
  const [old, present] = [before, after].map((text) =>
    text
      .replace(kubeProxys, "")
      .split("\n")
      .filter((line) => !runtimes.test(line)),
  );
  return [
    ...(present ?? []).filter((line) => !old?.includes(line)).map((line) => `+ ${line}`),
    ...(old ?? []).filter((line) => !present?.includes(line)).map((line) => `- ${line}`),
  ];
}

const kinds = [
  "namespaces,clusterroles,clusterrolebindings,customresourcedefinitions,apiservices,priorityclasses",
  "daemonsets,deployments,jobs,pods,services,configmaps,secrets,serviceaccounts,roles,rolebindings",
  "poddisruptionbudgets,networkpolicies",
].join();

/** Objects and annotations of nodes that have the name of a network or podnet's in them. */
export async function inCluster(lab: Bed["lab"]): Promise<string[]> {
  const objects = await kubectl(lab, `get ${kinds} --all-namespaces -o name`);
  const annotations = await kubectl(lab, "get nodes -o jsonpath={range@.items[*]}{.metadata.annotations}{end}");
  return [...objects.split("\n"), ...annotations.split(",")].filter((line) =>
    /flannel|calico|canal|tigera|podnet/.test(line),
  );
}
