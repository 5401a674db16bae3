import type { Decider } from "./decider";
import type { Endpoint } from "./endpoint";
import type { Answers, TrafficNumbers } from "./memory";
import { bothFamilies, everything, type Families, intersection, type Traffic, union } from "./traffic";
import type { Row, Segment } from "./verdict";

/** A part of what one endpoint could say to another, and what decided at both ends. */
export interface Connection {
  traffic: Traffic;
  allow: boolean;
  egress: Decider;
  ingress: Decider;
}

/** Who reaches whom. Pods come first among the endpoints, then what is outside. */
export class Reachability {
  /** By the families of both ends: what is common to two numbers of traffic. */
  private readonly common = [0, 1, 2, 3].map(() => new Map<number, Map<number, number>>());
  private readonly all: number;
  private made: Uint32Array | undefined;

  constructor(
    readonly endpoints: readonly Endpoint[],
    /** How many of them are pods. */
    readonly pods: number,
    private readonly rows: { ingress: readonly (Row | undefined)[]; egress: readonly (Row | undefined)[] },
    private readonly numbers: TrafficNumbers,
    private readonly answers: Answers,
    /** What could not be known, a line for each. */
    readonly unevaluated: readonly string[],
  ) {
    this.all = numbers.of(everything(bothFamilies));
  }

  /** What may pass from one endpoint to another. */
  allowed(from: number, to: number): Traffic {
    return this.numbers.list[this.allowedNumber(from, to)] as Traffic;
  }

  /** The same as a number: two pairs with the same number may say the same to each other. */
  allowedNumber(from: number, to: number): number {
    const families = this.families(from, to);
    return this.joined(
      numberOf(this.rows.egress[from], to, this.all),
      numberOf(this.rows.ingress[to], from, this.all),
      families,
    );
  }

  /** Of every pair the number of what may pass: row by row, from the first to the last. */
  table(): Uint32Array {
    if (this.made) return this.made;
    const { last } = this.answers;
    const count = this.endpoints.length;
    const table = last ? last.table.slice() : new Uint32Array(count * count);
    const { ingress, egress } = this.rows;
    // What decides at both ends is the same: so is the answer of the last evaluation about these endpoints.
    const changed = ingress.flatMap((row, to) => (last && last.ingress[to] === row ? [] : [to]));
    const every = [...this.endpoints.keys()];
    for (const from of every) this.fill(table, from, last && last.egress[from] === egress[from] ? changed : every);
    this.made = table;
    this.answers.last = { table, ingress, egress };
    return table;
  }

  private fill(table: Uint32Array, from: number, destinations: readonly number[]): void {
    const own = this.rows.egress[from]?.numbers;
    let [egress, both, common] = [-1, -1, new Map<number, number>()];
    for (const to of destinations) {
      const out = own ? (own[to] as number) : this.all;
      const shared = this.families(from, to);
      // Neighbours mostly have the same: what is common with it is looked up once.
      if (out !== egress || shared !== both) {
        [egress, both] = [out, shared];
        common = this.commonWith(egress, both);
      }
      const into = this.rows.ingress[to]?.numbers[from] ?? this.all;
      table[from * this.endpoints.length + to] = common.get(into) ?? this.joined(egress, into, both);
    }
  }

  traffic(number: number): Traffic {
    return this.numbers.list[number] as Traffic;
  }

  /** The families that both ends can speak. */
  families(from: number, to: number): Families {
    return (this.endpoints[from] as Endpoint).families & (this.endpoints[to] as Endpoint).families;
  }

  /** All that one endpoint could say to another, in parts with what decided over each. */
  connections(from: number, to: number): Connection[] {
    const families = everything(this.families(from, to));
    const found: Connection[] = [];
    for (const egress of segments(this.rows.egress[from], to, this.endpoints[from] as Endpoint, "egress"))
      for (const ingress of segments(this.rows.ingress[to], from, this.endpoints[to] as Endpoint, "ingress")) {
        const traffic = intersection(intersection(egress.traffic, ingress.traffic), families);
        if (traffic.length > 0)
          found.push({
            traffic,
            allow: egress.decider.allow && ingress.decider.allow,
            egress: egress.decider,
            ingress: ingress.decider,
          });
      }
    return merged(found);
  }

  /** What is common to a number of traffic and others, by their numbers. */
  private commonWith(egress: number, families: Families): Map<number, number> {
    const common = this.common[families] as Map<number, Map<number, number>>;
    const known = common.get(egress) ?? new Map<number, number>();
    if (known.size === 0) common.set(egress, known);
    return known;
  }

  private joined(egress: number, ingress: number, families: Families): number {
    const common = this.commonWith(egress, families);
    const known = common.get(ingress);
    if (known !== undefined) return known;
    const [out, into] = [this.numbers.list[egress] as Traffic, this.numbers.list[ingress] as Traffic];
    const number = this.numbers.of(intersection(intersection(out, into), everything(families)));
    common.set(ingress, number);
    return number;
  }
}

function numberOf(row: Row | undefined, other: number, all: number): number {
  return row?.numbers[other] ?? all;
}

function segments(
  row: Row | undefined,
  other: number,
  subject: Endpoint,
  direction: Decider["direction"],
): readonly Segment[] {
  const verdict = row?.verdicts[row.of[other] as number];
  if (verdict) return verdict;
  const because = subject.hostNetwork
    ? `policies for pods do not select the host network's`
    : subject.namespace
      ? undefined
      : `no pod, so that no policy selects it`;
  return [
    {
      traffic: everything(bothFamilies),
      decider: { direction, allow: true, ...(because !== undefined && { because }) },
    },
  ];
}

/** One entry for each pair of deciders. */
function merged(connections: readonly Connection[]): Connection[] {
  const groups = Map.groupBy(connections, ({ egress, ingress }) => JSON.stringify([egress, ingress]));
  return [...groups.values()].map((same) => ({
    ...(same[0] as Connection),
    traffic: union(same.map(({ traffic }) => traffic)),
  }));
}
