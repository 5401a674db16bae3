import { Cidr } from "../../addresses/cidr";
import { outside, within } from "./address-block";
import type { Entity } from "./calico-schema";
import { calicoTest, namespaceLabel } from "./calico-selector";
import { type Endpoint, isPod } from "./endpoint";
import type { Match } from "./rule";
import { bothFamilies, type Families } from "./traffic";
import type { Namespace } from "./world";

/** Ranges under labels: Calico's GlobalNetworkSet, and its NetworkSet in a namespace. */
export interface NetworkSet {
  name: string;
  namespace?: Namespace | undefined;
  labels: Readonly<Record<string, string>>;
  nets: readonly string[];
}

interface PodQuestion {
  /** The only namespace, of a policy in one. */
  namespace?: string | undefined;
  selector?: string | undefined;
  namespaceSelector?: string | undefined;
  serviceAccountSelector?: string | undefined;
}

/** Which pods a policy is for. */
export function podMatch(question: PodQuestion): Match {
  const { namespace } = question;
  const labels = calicoTest(question.selector ?? "");
  const namespaces = calicoTest(question.namespaceSelector ?? "");
  const accounts = calicoTest(question.serviceAccountSelector ?? "");
  return {
    key: `calico pods ${JSON.stringify(question)}`,
    families: (endpoint) =>
      isPod(endpoint) &&
      (namespace === undefined || endpoint.namespace.name === namespace) &&
      labels(calicoLabels(endpoint)) &&
      namespaces(withNamespace(endpoint)) &&
      accounts(endpoint.serviceAccountLabels)
        ? bothFamilies
        : 0,
  };
}

/** One end of a rule: all that it says must hold. */
export function entityMatch(entity: Entity, namespace: string | undefined, sets: readonly NetworkSet[]): Match {
  const { nets, notNets, selector, notSelector, namespaceSelector, serviceAccounts } = entity;
  const tests: ((endpoint: Endpoint) => Families)[] = [];
  // What network sets hold is no part of the rule's own text.
  let held: readonly string[] = [];
  if (nets?.length) tests.push(within(nets.map(Cidr.parse), []));
  if (notNets?.length) tests.push(outside(notNets.map(Cidr.parse)));
  // A policy in a namespace means its own as soon as anything is selected, though only by what is not
  // (libcalico-go's updateprocessors/rules.go), unless it says which namespaces.
  const selects = selector || notSelector || serviceAccounts;
  const home = namespaceSelector === undefined && selects ? namespace : undefined;
  if (selector || namespaceSelector || serviceAccounts || home !== undefined) {
    const found = selected({ ...entity, home }, sets);
    tests.push(found.families);
    held = found.held;
  } else if (notSelector) {
    const excluded = selected({ selector: notSelector }, sets);
    tests.push((endpoint) => bothFamilies & ~excluded.families(endpoint));
    held = excluded.held;
  }
  return {
    key: `calico ${namespace ?? ""} ${JSON.stringify({ ...entity, ports: undefined, notPorts: undefined, held })}`,
    families: (endpoint) => tests.reduce((found, test) => found & test(endpoint), bothFamilies),
  };
}

interface Selected {
  families(endpoint: Endpoint): Families;
  /** Ranges of the network sets that are meant. */
  held: readonly string[];
}

type Selectors = Pick<Entity, "selector" | "notSelector" | "namespaceSelector" | "serviceAccounts">;

/**
 * Pods with these labels, and the ranges of network sets with these labels. What is not selected narrows the labels, as
 * in Felix (calc/rule_scanner.go): a pod stays meant though its address lies in a set that is not.
 */
function selected(
  { selector, notSelector, namespaceSelector, serviceAccounts, home }: Selectors & { home?: string | undefined },
  sets: readonly NetworkSet[],
): Selected {
  const wanted = calicoTest(selector ?? "");
  const unwanted = notSelector ? calicoTest(notSelector) : () => false;
  const labels = (found: Readonly<Record<string, string>>) => wanted(found) && !unwanted(found);
  const namespaces = calicoTest(namespaceSelector ?? "");
  const accounts = calicoTest(serviceAccounts?.selector ?? "");
  const meant = (serviceAccounts ? [] : sets).filter(
    (set) =>
      labels({ ...set.labels, ...(set.namespace && { [namespaceLabel]: set.namespace.name }) }) &&
      (home === undefined || set.namespace?.name === home) &&
      // A set in a namespace has its namespace's labels; one in none is meant by global() alone.
      (namespaceSelector === undefined ||
        (set.namespace ? namespaces(withNamespace(set)) : /global\(\)/.test(namespaceSelector))),
  );
  const held = meant.flatMap(({ nets }) => nets);
  const ranges = within(held.map(Cidr.parse), []);
  const families = (endpoint: Endpoint) => {
    if (!isPod(endpoint)) return ranges(endpoint);
    const own =
      labels(calicoLabels(endpoint)) &&
      (home === undefined || endpoint.namespace.name === home) &&
      namespaces(withNamespace(endpoint)) &&
      accounts(endpoint.serviceAccountLabels) &&
      (!serviceAccounts?.names?.length || serviceAccounts.names.includes(endpoint.serviceAccount));
    return own ? bothFamilies : ranges(endpoint);
  };
  return { families, held };
}

const kept = new WeakMap<Endpoint, Record<string, string>>();

/** A pod's labels, and those that Calico adds to them. */
function calicoLabels(endpoint: Endpoint): Record<string, string> {
  const known = kept.get(endpoint);
  if (known) return known;
  const labels = {
    ...endpoint.labels,
    [namespaceLabel]: endpoint.namespace?.name ?? "",
    "projectcalico.org/orchestrator": "k8s",
    "projectcalico.org/serviceaccount": endpoint.serviceAccount,
  };
  kept.set(endpoint, labels);
  return labels;
}

/** A namespace's labels; the name is added so that `global()` knows that this is one. */
function withNamespace({ namespace }: Pick<Endpoint, "namespace">): Record<string, string> {
  return {
    ...namespace?.labels,
    [namespaceLabel]: namespace?.name ?? "",
    "projectcalico.org/name": namespace?.name ?? "",
  };
}
