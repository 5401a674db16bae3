import type { Spoken } from "./endpoints";
import { rangesIn } from "./ranges";
import type { KubernetesObject, World } from "./world";

const known = new WeakMap<KubernetesObject, { text: string; ranges: readonly string[] }>();

function read(object: KubernetesObject) {
  const kept = known.get(object) ?? { text: JSON.stringify(object.spec ?? {}), ranges: rangesIn(object.spec) };
  known.set(object, kept);
  return kept;
}

/** What policies say that parts endpoints: ranges, and labels that else part nothing. */
export function spokenOf(world: World, policies: readonly KubernetesObject[]): Spoken {
  const all = policies.map(read);
  const nodes = all.some(({ text }) => text.includes('"nodes":')) ? world.nodes : [];
  return {
    ranges: new Set([...all.flatMap(({ ranges }) => ranges), ...nodes.flatMap(({ addresses }) => addresses)]),
    label: (name) => all.some(({ text }) => text.includes(name)),
  };
}
