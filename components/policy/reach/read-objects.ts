import { z } from "zod";
import type { Problem } from "../../addresses/problem";
import { refuse, UserError } from "../../errors";
import { parse } from "../../parse";
import { impliedNamespace } from "./endpoints";
import { isPolicy, networkSetsOf, normalise, tiersOf } from "./normalise";
import { controllerWorkload, podWorkload, workloadKinds } from "./workloads";
import type { KubernetesNode, KubernetesObject, Namespace, ServiceAccount, Workload, World } from "./world";

/** An object and where it was read: "shop.yaml, document 3". */
export interface Found {
  where: string;
  object: unknown;
}

export interface Objects {
  world: World;
  /** Policies of kinds that are not evaluated, one line for each. */
  unevaluated: readonly string[];
}

const anyObject = z.looseObject({
  apiVersion: z.string().min(1),
  kind: z.string().min(1),
  metadata: z.looseObject({
    name: z.string().min(1),
    namespace: z.string().min(1).optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
  spec: z.unknown().optional(),
});

const node = z.looseObject({
  status: z
    .looseObject({ addresses: z.array(z.looseObject({ type: z.string(), address: z.string() })).nullish() })
    .nullish(),
});

/** Groups whose other kinds would decide over connections too. */
const policyGroups =
  /^((crd\.)?projectcalico\.org|policy\.networking\.k8s\.io|cilium\.io|crd\.antrea\.io|k8s\.ovn\.org)\//;
const withoutEffect = /^(IP|BGP|Block|Felix|Cluster(Information|Group)|KubeControllers|Caliconode|CalicoNode|Staged)/;

/**
 * Reads what a cluster or files hold; what decides nothing (Secrets, Services and so on) is passed over.
 *
 * @throws UserError with the problems of every object, each with its place
 */
export function readObjects(found: readonly Found[]): Objects {
  const problems: Problem[] = [];
  const attempt = <T>(where: string, read: () => T): T | undefined => {
    try {
      return read();
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      problems.push(...error.problems.map((problem) => ({ ...problem, path: at(where, problem.path) })));
      return undefined;
    }
  };
  const read = found.flatMap(({ where, object }) => {
    const known = attempt(where, () => parse(where, anyObject, object) as KubernetesObject);
    return known ? [{ where: `${where} (${known.kind} ${known.metadata.name})`, object: known }] : [];
  });
  const world = { namespaces: [], workloads: [], serviceAccounts: [], nodes: [], policies: [] } as Writable;
  const unevaluated: string[] = [];
  for (const { where, object } of read) attempt(where, () => sort(object, where, world, unevaluated));
  // Specs are read once now, so that what is wrong with them has its place.
  for (const { where, object } of read) if (world.policies.includes(object)) attempt(where, () => probe(object));
  refuse("what was read", problems);
  return { world: { ...world, namespaces: withImplied(world) }, unevaluated };
}

type Writable = { [Field in keyof World]: World[Field][number][] };

const at = (where: string, path: string) => (path === "" ? where : `${where}: ${path}`);

function sort(object: KubernetesObject, where: string, world: Writable, unevaluated: string[]): void {
  const { apiVersion, kind, metadata } = object;
  const { name, labels = {} } = metadata;
  const group = apiVersion.includes("/") ? (apiVersion.split("/")[0] as string) : "";
  if (group === "" && kind === "Namespace") world.namespaces.push(namespaceOf(name, labels));
  else if (group === "" && kind === "ServiceAccount")
    world.serviceAccounts.push({ namespace: metadata.namespace ?? "default", name, labels } satisfies ServiceAccount);
  else if (group === "" && kind === "Node") world.nodes.push(nodeOf(object));
  else if (["", "apps", "batch"].includes(group) && Object.hasOwn(workloadKinds, kind)) {
    const workload = workloadOf(object, where);
    if (workload) world.workloads.push(workload);
  } else if (decides(object)) world.policies.push(object);
  else if (policyGroups.test(apiVersion) && !withoutEffect.test(kind))
    unevaluated.push(`${where}: ${kind} of ${apiVersion} is not evaluated`);
}

/** Policies, and what they speak of. */
function decides(object: KubernetesObject): boolean {
  const { apiVersion, kind } = object;
  if (/^networking\.k8s\.io\//.test(apiVersion)) return kind === "NetworkPolicy";
  if (apiVersion === "policy.networking.k8s.io/v1alpha2") return kind === "ClusterNetworkPolicy";
  const calico = /^(crd\.)?projectcalico\.org\//.test(apiVersion);
  return calico && (["Tier", "NetworkSet", "GlobalNetworkSet"].includes(kind) || isPolicy(object));
}

function probe(object: KubernetesObject): void {
  if (isPolicy(object)) normalise(object, { sets: [], nodes: [] });
  tiersOf([object]);
  networkSetsOf([object]);
}

function namespaceOf(name: string, labels: Record<string, string>): Namespace {
  return { name, labels: { ...labels, ...impliedNamespace(name).labels } };
}

function nodeOf(object: KubernetesObject): KubernetesNode {
  const { status } = parse(object.metadata.name, node, object);
  const addresses = (status?.addresses ?? []).filter(({ type }) => /IP$/.test(type)).map(({ address }) => address);
  return { name: object.metadata.name, labels: object.metadata.labels ?? {}, addresses };
}

function workloadOf(object: KubernetesObject, where: string): Workload | undefined {
  const { kind } = object;
  if (kind === "Pod") return podWorkload(parse(where, workloadKinds.Pod, object));
  if (kind === "CronJob") return controllerWorkload(kind, parse(where, workloadKinds.CronJob, object));
  return controllerWorkload(kind, parse(where, workloadKinds[kind as "Deployment"], object));
}

function withImplied({ namespaces, workloads }: Writable): Namespace[] {
  const known = new Set(namespaces.map(({ name }) => name));
  const missing = new Set(workloads.map(({ namespace }) => namespace).filter((name) => !known.has(name)));
  return [...namespaces, ...[...missing].map(impliedNamespace)];
}
