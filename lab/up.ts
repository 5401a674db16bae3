import { mkdir, readFile } from "node:fs/promises";
import { removeNode } from "./down";
import { cniLayer, nodeRoot } from "./image";
import { raiseInotifyLimit } from "./inotify";
import { inventoryText, knownHostsText, labFiles, sshConfigText } from "./inventory";
import { Cluster, endCluster, isMember } from "./kubernetes/cluster";
import { nodePackages } from "./kubernetes/node-files";
import { Lab } from "./lab";
import { locked } from "./lock";
import { settled, waitForSsh } from "./node-access";
import { hostKeyOf, isRunning, prepareNodes, startNode, stopNodes } from "./nodes";
import { requireLabHost } from "./requirements";
import { must } from "./shell";
import { claimSlot, labFolder, lockFile, readRecord, replaceFile, writeRecord } from "./state";
import { defaultNodes, type NodeRequest, type PlacedNode, place, requestProblems } from "./topology";
import { ensureUnderlay, type Underlay } from "./underlay";

/** Where a node is on its way up. `image` stands for what all nodes share and `cluster` for their joining: no node. */
export interface Progress {
  node?: string;
  stage: "image" | "cluster" | "starting" | "ready";
  /** Nodes that are ready, and all nodes. */
  ready: number;
  total: number;
}

export interface UpOptions {
  /** @default "lab" */
  name?: string;
  /** @default the nodes that the lab has; for a new lab node1 and node2 in segment a, node3 in segment b, all full */
  nodes?: NodeRequest[];
  /** Nodes that would boot systemd only are nodes of a Kubernetes cluster instead. @default false */
  kubernetes?: boolean;
  onProgress?: (progress: Progress) => void;
  /** Nodes that start at the same time. @default 16 */
  concurrency?: number;
  /** Debian packages that nodes which are started have besides those of a plain server. @default [] */
  packages?: readonly string[];
}

/**
 * Brings a lab to the nodes asked for: makes what is missing, repairs what was killed half made, starts what is off,
 * removes nodes that are not asked for. What is right is left alone.
 */
export async function up(options: UpOptions = {}): Promise<Lab> {
  const {
    name = "lab",
    nodes,
    kubernetes = false,
    onProgress = () => undefined,
    concurrency = 16,
    packages = [],
  } = options;
  const problems = requestProblems(nodes ?? []);
  if (problems.length > 0) throw new Error(`lab ${name}:\n${problems.join("\n")}`);
  const folder = labFolder(name);
  requireLabHost(kubernetes || (nodes ?? []).some(({ kind }) => kind === "kubernetes"));
  return locked(lockFile(name), async () => {
    const before = await readRecord(name);
    const asked = nodes ?? before?.nodes ?? defaultNodes;
    const wanted = place(before?.nodes ?? [], kubernetes ? asked.map(asMember) : asked);
    await mkdir(folder, { recursive: true });
    if (wanted.some(({ kind }) => kind !== "light")) await raiseInotifyLimit();
    const underlay: Underlay = { name, slot: await claimSlot(name) };
    // The record names old and new nodes until the old ones are gone: killed here, neither is forgotten.
    const dropped = (before?.nodes ?? []).filter((old) => !wanted.some((node) => isSame(node, old)));
    if (dropped.length > 0) {
      await stopNodes(
        name,
        dropped.map((node) => node.name),
      );
      for (const node of dropped) await removeNode(name, node.name);
    }
    await writeRecord({ ...underlay, nodes: wanted });
    await bringUp(underlay, wanted, { packages, concurrency, onProgress });
    return new Lab(underlay, wanted);
  });
}

const asMember = <Node extends NodeRequest>(node: Node): Node =>
  node.kind === "light" ? node : { ...node, kind: "kubernetes" };

const isSame = (one: PlacedNode, other: PlacedNode) =>
  one.name === other.name && one.host === other.host && one.segment === other.segment && one.kind === other.kind;

async function bringUp(
  underlay: Underlay,
  nodes: PlacedNode[],
  { packages, concurrency, onProgress }: Required<Pick<UpOptions, "packages" | "concurrency" | "onProgress">>,
): Promise<void> {
  const files = labFiles(labFolder(underlay.name));
  const count = { ready: 0, total: nodes.length };
  const layers = async (further: readonly string[]) => [
    await cniLayer(),
    await nodeRoot(further, () => onProgress({ stage: "image", ...count })),
  ];
  const plain = nodes.every(isMember) ? [] : await layers(packages);
  const member = nodes.some(isMember) ? await layers([...nodePackages, ...packages]) : [];
  const ports = await ensureUnderlay(underlay);
  if (member.length === 0) await endCluster(underlay.name);
  const cluster = member.length > 0 ? await Cluster.begin(underlay, ports) : undefined;
  const bootOf = (node: PlacedNode) => (cluster && isMember(node) ? cluster.boot(node, member) : { layers: plain });
  await must(
    "make the lab's key",
    `[ -s ${files.publicKey} ] || { rm -f ${files.privateKey}; ssh-keygen -q -t ed25519 -N '' -C 'podnet lab' -f ${files.privateKey}; }`,
  );
  await prepareNodes(underlay, nodes, await readFile(files.publicKey, "utf8"), async (node) =>
    cluster && isMember(node) ? cluster.nodeFiles(node) : [],
  );
  const hostKeys = new Map<string, string>();
  for (const node of nodes) hostKeys.set(node.name, await hostKeyOf(underlay.name, node.name));
  await replaceFile(files.knownHosts, knownHostsText(underlay.slot, nodes, hostKeys));
  await replaceFile(files.inventory, inventoryText(underlay.slot, nodes, files));
  await replaceFile(files.sshConfig, sshConfigText(underlay.slot, nodes, files));

  // A node whose switch port is gone lost its cable's other end with an old underlay: it has to start anew.
  const running = await Promise.all(nodes.map(({ name }) => ports.has(name) && isRunning(underlay.name, name)));
  const off = nodes.filter((_, index) => !running[index]);
  await stopNodes(
    underlay.name,
    off.map((node) => node.name),
  );
  await each(nodes, concurrency, async (node) => {
    const starts = off.includes(node);
    if (starts) {
      onProgress({ node: node.name, stage: "starting", ...count });
      await startNode(underlay, node, bootOf(node));
    }
    await waitForSsh(underlay, node);
    if (starts) await settled(underlay.name, node);
    count.ready += 1;
    onProgress({ node: node.name, stage: "ready", ...count });
  });
  if (!cluster) return;
  onProgress({ stage: "cluster", ...count });
  await cluster.joined(nodes);
}

/** Works through a list, a few at a time. After an error nothing more is begun. */
async function each<Item>(items: readonly Item[], width: number, work: (item: Item) => Promise<void>): Promise<void> {
  const rest = items.values();
  await Promise.all(
    Array.from({ length: Math.min(width, items.length) }, async () => {
      for (const item of rest) await work(item);
    }),
  );
}
