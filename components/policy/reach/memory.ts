import type { Endpoint } from "./endpoint";
import { type Context, type Normalised, normalise } from "./normalise";
import type { Match, Rule } from "./rule";
import type { Traffic } from "./traffic";
import type { Row } from "./verdict";
import type { KubernetesObject } from "./world";

/** Traffic by number, so that tables of a million pairs hold numbers. */
export class TrafficNumbers {
  readonly list: Traffic[] = [];
  private readonly known = new Map<string, number>();

  of(traffic: Traffic): number {
    const text = traffic.join(";");
    const known = this.known.get(text);
    if (known !== undefined) return known;
    this.known.set(text, this.list.length);
    return this.list.push(traffic) - 1;
  }
}

/** Answers about one list of endpoints. */
export class Answers {
  readonly rows = new Map<string, Row>();
  /** The last table that was made, and the rows that it was made of. */
  last?: { table: Uint32Array; ingress: readonly (Row | undefined)[]; egress: readonly (Row | undefined)[] };
  private readonly ports: readonly string[];
  private readonly masks = new Map<string, Uint8Array>();
  private readonly named = new Map<string, Uint32Array>();

  constructor(
    readonly endpoints: readonly Endpoint[],
    private readonly numbers: TrafficNumbers,
  ) {
    this.ports = endpoints.map(({ ports }) => JSON.stringify(ports));
  }

  /** Of each endpoint, in which families it is meant. */
  mask(match: Match): Uint8Array {
    const known = this.masks.get(match.key);
    if (known) return known;
    const mask = Uint8Array.from(this.endpoints, (endpoint) => match.families(endpoint));
    this.masks.set(match.key, mask);
    return mask;
  }

  /** Of each destination, by number, which packets a rule with named ports is about. */
  namedTraffic(rule: Rule, names: string): Uint32Array {
    const known = this.named.get(names);
    if (known) return known;
    // Destinations with the same ports have the same answer.
    const byPorts = new Map<string, number>();
    const traffic = Uint32Array.from(this.endpoints, (endpoint, index) => {
      const ports = this.ports[index] as string;
      const number = byPorts.get(ports) ?? this.numbers.of(rule.traffic(endpoint));
      byPorts.set(ports, number);
      return number;
    });
    this.named.set(names, traffic);
    return traffic;
  }
}

/** How many lists of endpoints are remembered: that before and that after a change, and one more. */
const remembered = 3;

/**
 * What was found out, kept by the text of policies and the list of endpoints, so that the next evaluation asks only
 * what changed. One is for evaluations that follow each other, as before and after a change.
 */
export class Memory {
  readonly numbers = new TrafficNumbers();
  private readonly policies = new Map<string, Normalised & { number: number }>();
  private answers = new Map<string, Answers>();
  private count = 0;

  policy(object: KubernetesObject, context: Context, contextText: string) {
    const text = JSON.stringify(object);
    // Only NetworkPolicies of Kubernetes speak of nothing but pods.
    const key = object.apiVersion === "networking.k8s.io/v1" ? text : `${text}\n${contextText}`;
    const known = this.policies.get(key);
    if (known) return known;
    const read = { ...normalise(object, context), number: this.count };
    this.count += 1;
    this.policies.set(key, read);
    return read;
  }

  answersFor(endpoints: readonly Endpoint[]): Answers {
    const key = endpoints.map((endpoint) => endpoint.key).join("\n");
    const known = this.answers.get(key);
    const answers = known ?? new Answers(endpoints, this.numbers);
    this.answers.delete(key);
    this.answers.set(key, answers);
    this.answers = new Map([...this.answers].slice(-remembered));
    return answers;
  }
}
