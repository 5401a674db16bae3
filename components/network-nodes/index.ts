import * as pulumi from "@pulumi/pulumi";
import type { Family } from "../addresses/cidr";
import { brief } from "../brief";
import type { Inventory, InventoryNode } from "../inventory";
import { NodeState } from "../node";
import { type ConnectionInput, connectionDefaults } from "../node/connection";
import { sha256 } from "../node/kinds/file";
import { nodeStateDefaults } from "../node/settings";
import type { NodeStateInput } from "../node/state";
import { batches } from "../rollout";
import type { MadeRoutes } from "../routes/within";
import { Verification } from "../verification";
import { byAddress } from "./by-address";
import { openToAll } from "./firewall";
import type { NodeChangeSettings } from "./settings";

/** A network's nodes and how they are changed. */
export interface NetworkNodes extends NodeChangeSettings {
  /** The network's name: owner of what stands on the nodes, and the first part of its resources' names. */
  name: string;
  nodes: Inventory;
}

/** How a pod is attached on every node: what a probe pod needs. */
export interface Attachment {
  /** Path of the CNI configuration. */
  conflist: string;
  /** Folder of the CNI plugins. */
  binaries: string;
  /** Address families that pods have. */
  families: Family[];
  /** Bytes of the largest packet of a pod. */
  mtu: number;
  /** Seconds until the network forwards after a change. @default 0 */
  settleSeconds?: number;
}

/**
 * What a daemon in Kubernetes may take until a node that has just joined has its network: its pod starts, writes the CNI
 * configuration and its kubeconfig, and tells the other nodes of the addresses that its first pods get.
 */
export const daemonSettleSeconds = 120;

/** What the network wants of each node, by the node's name. */
export type NodeStates = pulumi.Output<Record<string, NodeStateInput>>;

/**
 * Changes the nodes batch after batch. A batch waits for one proof of the one before it, not for each of its nodes:
 * what the engine keeps grows with the nodes and not with their square. A batch is proven together with nodes of
 * earlier ones, so that what it cannot reach from there does not spread; the last proof is of all nodes. The first proof
 * waits for routes in a cloud, and the others for it.
 */
export function changeAndProve(
  network: NetworkNodes,
  states: NodeStates,
  attachment: Attachment,
  options: pulumi.CustomResourceOptions,
  routes?: MadeRoutes,
): Verification {
  const { name, rollout } = network;
  warnOfOpenPorts(states, options);
  const nodes = byAddress(network.nodes.nodes);
  const rounds = batches(nodes, rollout);
  const changed: NodeState[] = [];
  let after: pulumi.Resource[] = [options.dependsOn as pulumi.Resource];

  rounds.forEach((batch, index) => {
    const made = batch.map((node) => changeNode(network, node, states, { ...options, dependsOn: after }));
    changed.push(...made);
    const last = index === rounds.length - 1;
    const carried = index === 0 && routes ? [...made, routes] : made;
    const proven = { ...options, dependsOn: carried };
    const together = [...batch, ...witnesses(rounds.slice(0, index).flat())];
    after = last
      ? carried
      : [prove(`${name}-batch-${index + 1}`, network, together, attachment, { manifests: hashOf(made) }, proven)];
  });
  return prove(
    name,
    network,
    nodes,
    attachment,
    { manifests: hashOf(changed), ...carriedBy(routes) },
    { ...options, dependsOn: after },
  );
}

/** Has the network proven again when its routes lead elsewhere. */
export function carriedBy(routes: MadeRoutes | undefined): Record<string, pulumi.Input<string>> {
  return routes?.fingerprint ? { routes: routes.fingerprint } : {};
}

/** As many nodes of earlier batches are probed with a batch: each costs every proof two connections and a pod. */
const mostWitnesses = 3;

/** Nodes of earlier batches that a batch is proven with: the latest, of every segment one before a second of any. */
function witnesses(earlier: readonly InventoryNode[]): InventoryNode[] {
  const latest = [...earlier].reverse();
  const firsts = [...Map.groupBy(latest, ({ segment }) => segment).values()].flatMap((nodes) => nodes.slice(0, 1));
  return [...new Set([...firsts, ...latest])].slice(0, mostWitnesses);
}

/**
 * Prepares nodes for a network that pods bring to them, which no packet can prove yet: `rollout.batch` nodes at a time,
 * each after the one that stands at its place in the batch before it.
 */
export function prepareNodes(
  network: NetworkNodes,
  states: NodeStates,
  options: pulumi.CustomResourceOptions,
): NodeState[] {
  let before: NodeState[] = [];
  warnOfOpenPorts(states, options);
  return batches(byAddress(network.nodes.nodes), network.rollout).flatMap((batch) => {
    before = batch.map((node, place) => {
      const after = [...[options.dependsOn ?? []].flat(), ...(before[place] ? [before[place]] : [])];
      return changeNode(network, node, states, { ...options, dependsOn: after as pulumi.Resource[] });
    });
    return before;
  });
}

function warnOfOpenPorts(states: NodeStates, { parent }: pulumi.CustomResourceOptions): void {
  states.apply((all) => {
    for (const warning of openToAll(all)) pulumi.log.warn(warning, parent);
  });
}

/** One node's part of the network. */
function changeNode(
  { name, rollout, probes, adopt, allowIrreversible, onUnreachable }: NetworkNodes,
  node: InventoryNode,
  states: NodeStates,
  options: pulumi.CustomResourceOptions,
): NodeState {
  const said = { windowSeconds: rollout.windowSeconds, probes, adopt, allowIrreversible, onUnreachable };
  return new NodeState(
    `${name}-${node.name}`,
    {
      node: node.name,
      owner: name,
      connection: connectionOf(node),
      state: states.apply((all) => all[node.name] as (typeof all)[string]),
      ...brief(said, nodeStateDefaults),
    },
    options,
  );
}

/** Proves with packets that pods of these nodes reach each other; again whenever one of `triggers` has another value. */
export function prove(
  name: string,
  network: Pick<NetworkNodes, "name" | "verification">,
  nodes: readonly InventoryNode[],
  { conflist, binaries, families, mtu, settleSeconds }: Attachment,
  triggers: Record<string, pulumi.Input<string>>,
  options: pulumi.CustomResourceOptions,
): Verification {
  const { coverage, failOn } = network.verification;
  return new Verification(
    name,
    {
      network: network.name,
      nodes: nodes.map((node) => ({
        name: node.name,
        connection: connectionOf(node),
        addresses: node.addresses,
      })) as never,
      cni: { configFile: conflist, binaryDirectory: binaries },
      families,
      mtu,
      ...(settleSeconds && { settleSeconds }),
      ...(coverage && { coverage }),
      failOn,
      triggers: triggers as never,
    },
    options,
  );
}

/** Another value when a node changed; each node's own would be kept with every proof. */
export function hashOf(nodes: readonly NodeState[]): pulumi.Output<string> {
  return pulumi.all(nodes.map(({ manifest }) => manifest)).apply((all) => sha256(all.join()));
}

/** A key that was given as text is a secret all the same. */
export function connectionOf({ connection }: InventoryNode): pulumi.Input<ConnectionInput> {
  const guarded = <T extends { key?: unknown }>(endpoint: T): T => {
    const { key } = endpoint;
    return typeof key === "object" && key !== null && "secret" in key
      ? { ...endpoint, key: { secret: pulumi.secret(key.secret) } }
      : endpoint;
  };
  const { jump, ...own } = brief(connection, connectionDefaults);
  return {
    ...guarded(own),
    ...(jump && { jump: guarded(brief(jump, connectionDefaults)) }),
  } as pulumi.Input<ConnectionInput>;
}
