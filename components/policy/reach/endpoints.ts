import { IpAddress } from "../../addresses/cidr";
import type { Endpoint } from "./endpoint";
import { RangeParts } from "./ranges";
import { bothFamilies, ipv4, ipv6 } from "./traffic";
import type { Namespace, Workload, World } from "./world";

/** Labels that controllers give to each generation or pod: they part nothing unless a policy speaks of them. */
const passing = [
  "pod-template-hash",
  "controller-revision-hash",
  "pod-template-generation",
  "statefulset.kubernetes.io/pod-name",
  "apps.kubernetes.io/pod-index",
  "batch.kubernetes.io/controller-uid",
  "batch.kubernetes.io/job-completion-index",
  "batch.kubernetes.io/job-name",
  "controller-uid",
  "job-name",
];

/** What policies speak of, as far as it parts endpoints. */
export interface Spoken {
  /** Every range in a policy, a network set or of a node. */
  ranges: ReadonlySet<string>;
  /** Whether a policy's text has this label. */
  label(name: string): boolean;
}

/**
 * Pods that no policy can tell apart are one endpoint; the addresses that are no pod's are one for each part that
 * policies tell apart. Pods come first, then what is outside.
 */
export function endpointsOf(world: World, spoken: Spoken): Endpoint[] {
  const ignored = new Set(passing.filter((label) => !spoken.label(label)));
  const families = new Set(
    [...spoken.ranges, ...world.workloads.flatMap(({ addresses }) => addresses)].map((text) =>
      text.includes(":") ? ("ipv6" as const) : ("ipv4" as const),
    ),
  ).add("ipv4");
  const parts = new RangeParts(spoken.ranges, [...families]);
  const namespaces = new Map(world.namespaces.map((namespace) => [namespace.name, namespace]));
  const accounts = new Map(world.serviceAccounts.map((one) => [`${one.namespace}/${one.name}`, one.labels]));
  const found = new Map<string, Endpoint & { pods: Workload[] }>();
  for (const workload of world.workloads) {
    const one = endpoint(workload, namespaces, accounts, ignored, parts);
    const same = found.get(one.key);
    if (same) same.pods.push(workload);
    else found.set(one.key, one);
  }
  return [...found.values(), ...outsideOf(parts)];
}

function endpoint(
  workload: Workload,
  namespaces: ReadonlyMap<string, Namespace>,
  accounts: ReadonlyMap<string, Readonly<Record<string, string>>>,
  ignored: ReadonlySet<string>,
  parts: RangeParts,
): Endpoint & { pods: Workload[] } {
  const { owner, serviceAccount, ports, hostNetwork } = workload;
  const namespace = namespaces.get(workload.namespace) ?? impliedNamespace(workload.namespace);
  const labels = Object.fromEntries(sorted(workload.labels).filter(([label]) => !ignored.has(label)));
  const addresses = workload.addresses.map(IpAddress.parse);
  const families = addresses.reduce((mask, { family }) => mask | (family === "ipv4" ? ipv4 : ipv6), 0) || bothFamilies;
  const serviceAccountLabels = accounts.get(`${workload.namespace}/${serviceAccount}`) ?? {};
  const around = addresses.map((address) => parts.around(address)).sort();
  const key = JSON.stringify([
    namespace.name,
    sorted(namespace.labels),
    owner,
    labels,
    serviceAccount,
    sorted(serviceAccountLabels),
    ports,
    hostNetwork,
    families,
    around,
  ]);
  return {
    key,
    name: owner,
    namespace,
    labels,
    serviceAccount,
    serviceAccountLabels,
    ports,
    addresses,
    families,
    hostNetwork,
    pods: [workload],
  };
}

/** Every namespace has its name as a label, though no manifest says so. */
export function impliedNamespace(name: string): Namespace {
  return { name, labels: { "kubernetes.io/metadata.name": name } };
}

function outsideOf(parts: RangeParts): Endpoint[] {
  return parts.parts().map(({ range, narrower, address }) => {
    const family = range.family === "ipv4" ? "IPv4" : "IPv6";
    const rest = narrower > 0 ? `the rest of ${range}` : String(range);
    const name = range.prefix === 0 ? (narrower > 0 ? `any other ${family} address` : `any ${family} address`) : rest;
    return {
      key: `outside ${range} ${narrower} ${address}`,
      name,
      labels: {},
      serviceAccount: "",
      serviceAccountLabels: {},
      ports: [],
      addresses: [address],
      families: range.family === "ipv4" ? ipv4 : ipv6,
      hostNetwork: false,
      range,
      pods: [],
    };
  });
}

function sorted(labels: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(labels).sort(([left], [right]) => (left < right ? -1 : 1));
}
