import type { Found } from "../../components/policy/reach/read-objects";
import type { Probe } from "../../components/verification/probes";
import { identity, named } from "../reach/identity";
import { type KeptResource, keptResources } from "../stack/state";
import { changesOf } from "./changes";
import type { Report } from "./model";
import { networkOf } from "./networks";
import { reachOf } from "./reach";
import { familiesIn } from "./read";

/** Kinds that decide which connections there are, and those that they select. */
const decides = /(NetworkPolicy|NetworkSet|Tier)$/;

/**
 * What a page shows of a stack.
 *
 * @param state what `pulumi stack export` printed
 * @param cluster workloads, namespaces and policies that are not the stack's
 * @param probes of networks by their names, as `podnet verify --json` prints them
 */
export function reportOf(
  state: string,
  cluster: readonly Found[] = [],
  probes: ReadonlyMap<string, readonly Probe[]> = new Map(),
): Report {
  const resources = keptResources(state);
  const families = familiesIn(resources);
  const objects = objectsIn(resources);
  const policies = objects.filter(({ object }) => decides.test(String((object as { kind: string }).kind)));
  return {
    stack: resources[0]?.urn.split("::")[0]?.split(":").at(-1) ?? "",
    at: lastOf(resources),
    networks: families.map((family) => networkOf(family, probes)),
    reach: reachOf(together(objects, cluster)),
    policies: policies.map(({ where }) => where),
    changes: changesOf(resources, families),
  };
}

function lastOf(resources: readonly KeptResource[]): string | undefined {
  return resources
    .flatMap(({ modified }) => modified ?? [])
    .sort()
    .at(-1);
}

/** The Kubernetes objects of a stack, as it applied them. */
function objectsIn(resources: readonly KeptResource[]): Found[] {
  return resources
    .filter(({ type, inputs }) => type.startsWith("kubernetes:") && typeof inputs.kind === "string")
    .map(({ inputs }) => ({ where: named(inputs), object: inputs }));
}

/** An object of the stack is as the stack has it, not as it was when the cluster was asked. */
function together(own: readonly Found[], cluster: readonly Found[]): Found[] {
  const names = new Set(own.map(({ object }) => identity(object)));
  return [...own, ...cluster.filter(({ object }) => !names.has(identity(object)))];
}
