import { z } from "zod";
import { AddressError, Cidr } from "../addresses/cidr";
import { ValueError } from "../calico/policy/value-error";
import { type Labels, labels, labelText, namespaceName } from "./labels";

/** Pods of the policy's own namespace, of another by name, or of all with these labels. */
export interface PodPeer {
  /** By name. Without it and without namespaceLabels: the policy's own namespace. */
  namespace?: string;
  /** By labels; an empty record is every namespace. */
  namespaceLabels?: Labels;
  /** @default all pods there */
  pods?: Labels;
}

export interface RangePeer {
  range: string;
  /** Ranges inside it that are left out. */
  except: string[];
}

export type PeerValue = PodPeer | RangePeer;

export const isRange = (peer: PeerValue): peer is RangePeer => "range" in peer;
export const isOwnNamespace = (peer: PeerValue): boolean =>
  !isRange(peer) && peer.namespace === undefined && peer.namespaceLabels === undefined;

/**
 * The other end of a connection.
 *
 * @example
 * Peer.namespace("monitoring", { app: "prometheus" })
 * Peer.range("10.0.0.0/8").except("10.1.0.0/16")
 */
export class Peer {
  private constructor(readonly value: PeerValue) {}

  /** Pods of the policy's own namespace. */
  static pods(wanted?: Labels): Peer {
    return Peer.of({ ...(wanted && { pods: wanted }) });
  }

  /** Pods of a namespace, by its name. */
  static namespace(name: string, pods?: Labels): Peer {
    return Peer.of({ namespace: name, ...(pods && { pods }) });
  }

  /** Pods of namespaces with these labels. */
  static namespaces(wanted: Labels, pods?: Labels): Peer {
    return Peer.of({ namespaceLabels: wanted, ...(pods && { pods }) });
  }

  /** Pods of every namespace. */
  static everyPod(pods?: Labels): Peer {
    return Peer.of({ namespaceLabels: {}, ...(pods && { pods }) });
  }

  private static of(written: z.input<typeof podPeer>): Peer {
    const { data, error } = podPeer.safeParse(written);
    if (data) return new Peer(data as PodPeer);
    const [issue] = error.issues;
    const path = issue?.path ?? [];
    const message = issue?.code === "invalid_key" ? issue.issues[0]?.message : issue?.message;
    const likely = written.namespace?.toLowerCase().replaceAll(/[_. ]+/g, "-");
    const proposal =
      path[0] === "namespace" && namespaceName.safeParse(likely).success ? `; did you mean ${likely}?` : "";
    throw new ValueError(`${JSON.stringify(written)} is no peer: ${message}${proposal}`);
  }

  /** Addresses, of this cluster or not. */
  static range(cidr: string): Peer {
    return new Peer(rangeOf(cidr, []));
  }

  /** The same range without these. */
  except(...ranges: string[]): Peer {
    if (!isRange(this.value)) throw new ValueError(`${this} is no range; except belongs to Peer.range(…)`);
    return new Peer(rangeOf(this.value.range, [...this.value.except, ...ranges]));
  }

  /** Reads "10.0.0.0/8" or "10.0.0.0/8 except 10.1.0.0/16, 10.2.0.0/16"; what is not one is refused with the likely meaning. */
  static parse(text: string): Peer {
    const [range = "", rest, ...more] = text.trim().split(/\s+except\s+/);
    if (more.length > 0) throw new ValueError(`"${text}" says except twice; join the ranges by commas`);
    if (/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(range) && /[a-z]/.test(range))
      throw new ValueError(`"${text}" is no range; did you mean { namespace: ${range} }?`);
    const [, key, value] = /^([\w./-]+)\s*={1,2}\s*([\w.-]+)$/.exec(range) ?? [];
    if (key) throw new ValueError(`"${text}" is no range; did you mean { pods: { ${key}: ${value} } }?`);
    return new Peer(rangeOf(range, rest?.split(/\s*,\s*/) ?? []));
  }

  toString(): string {
    return peerText(this.value);
  }
}

function rangeOf(text: string, except: readonly string[]): RangePeer {
  try {
    const range = Cidr.parse(text);
    const holes = except.map((one) => Cidr.parse(one));
    for (const hole of holes)
      if (!range.contains(hole) || hole.prefix === range.prefix)
        throw new ValueError(
          `${hole} does not lie inside ${range}, and except takes only what does; leave it out, or widen the range`,
        );
    return { range: String(range), except: holes.map(String) };
  } catch (error) {
    if (error instanceof AddressError) throw new ValueError(error.message);
    throw error;
  }
}

/** A peer, for people to read. */
function peerText(peer: PeerValue): string {
  if (isRange(peer)) return `${peer.range}${peer.except.length > 0 ? ` except ${peer.except.join(", ")}` : ""}`;
  const pods = peer.pods ? `pods ${labelText(peer.pods)}` : "all pods";
  if (peer.namespace !== undefined) return `${pods} of ${peer.namespace}`;
  if (peer.namespaceLabels === undefined) return `${pods} of the same namespace`;
  const of = labelText(peer.namespaceLabels);
  return of === "" ? `${pods} of every namespace` : `${pods} of namespaces ${of}`;
}

const podPeer = z
  .strictObject({
    namespace: namespaceName.optional(),
    namespaceLabels: z.union([z.record(z.string(), z.never()), labels]).optional(),
    pods: labels.optional(),
  })
  .refine(
    ({ namespace, namespaceLabels }) => namespace === undefined || namespaceLabels === undefined,
    "a namespace is said by its name or by its labels; leave one out",
  );

/** A peer as it may be written in settings: a Peer, a range as text, or pods by their labels. */
export const peer = z
  .union([z.custom<Peer>((one) => one instanceof Peer), z.string(), podPeer])
  .transform((written, context): PeerValue => {
    if (written instanceof Peer) return written.value;
    if (typeof written !== "string") return written as PeerValue;
    try {
      return Peer.parse(written).value;
    } catch (error) {
      if (!(error instanceof ValueError)) throw error;
      context.addIssue({ code: "custom", message: error.message });
      return z.NEVER;
    }
  });
