import { type Allowance, type Baseline, isGeneral, type Selection } from "./baseline";
import { isOwnNamespace, type PeerValue } from "./peer";

/** One object of a form that the whole cluster shares. */
export interface Part {
  /** Its name. */
  name: string;
  selection: Selection;
  /** Only these pods. */
  pods?: Record<string, string>;
  /** Closes, besides opening: the part of all pods. */
  closes: boolean;
  allowances: Allowance[];
}

/**
 * A baseline as objects of the cluster: one for all pods, one for each opening that is for some. None of them can say
 * "the same namespace", so that an opening to it makes one object a namespace, whose names must be known.
 */
export function parts(baseline: Baseline): Part[] {
  const { name, selection, names = [], allowances } = baseline;
  const own = ofOwnNamespace(baseline).length > 0;
  if (own && names.length === 0) throw new Error(`baseline ${name} would come to no object, and close nothing`);
  const places: [suffix: string, Selection][] = own
    ? names.map((one) => [`-${one}`, { names: [one] }])
    : [["", selection]];
  return places.flatMap(([suffix, place]) => {
    const here = allowances.filter(({ namespace }) => isIn(place, namespace)).map((one) => settled(one, place));
    const special = [
      ...Map.groupBy(
        here.filter((one) => !isGeneral(one)),
        keyOf,
      ).values(),
    ];
    return [
      ...special.map((group, index) => {
        const [{ name: opening, pods, namespace }] = group as [Allowance];
        const same = special.slice(0, index).filter(([one]) => one?.name === opening).length;
        return {
          name: `${name}${suffix}-${opening}${same > 0 ? `-${same + 1}` : ""}`,
          selection: namespace === undefined ? place : { names: [namespace] },
          ...(pods && { pods }),
          closes: false,
          allowances: group,
        };
      }),
      { name: `${name}${suffix}`, selection: place, closes: true, allowances: here.filter(isGeneral) },
    ];
  });
}

/** Allowances that say "the same namespace". */
export function ofOwnNamespace({ allowances }: Baseline): Allowance[] {
  return allowances.filter(({ peers }) => peers.some(isOwnNamespace));
}

const keyOf = ({ name, direction, pods, namespace }: Allowance) => JSON.stringify([name, direction, pods, namespace]);

function isIn(place: Selection, namespace: string | undefined): boolean {
  if (namespace === undefined) return true;
  // Several namespaces share one part: which of them it is, the part of the opening says.
  return !("names" in place) || place.names.includes(namespace);
}

/** With the namespace's name in the place of "the same namespace". */
function settled(one: Allowance, place: Selection): Allowance {
  const [only] = "names" in place ? place.names : [];
  const peers = one.peers.map(
    (peer): PeerValue => (isOwnNamespace(peer) && only ? { ...peer, namespace: only } : peer),
  );
  return { ...one, peers };
}
