import { Cidr } from "../addresses/cidr";
import type { KubernetesObject } from "../kubernetes/object";
import type { Allowance, Baseline } from "./baseline";
import { isRange, type PeerValue } from "./peer";

/** Where clouds answer with the node's credentials: AWS, GCP and Azure; AWS ECS tasks; AWS over IPv6. */
export const metadataAddresses = ["169.254.169.254/32", "169.254.170.2/32", "fd00:ec2::254/128"];

/**
 * What GKE needs of them (its guide to network policy): the metadata server that gives a workload its identity, behind
 * either dataplane, and Cloud DNS.
 */
export const gkeAllowance: Allowance[] = [
  {
    name: "gke-metadata",
    direction: "egress",
    peers: [{ range: "169.254.169.252/32", except: [] }],
    ports: ["tcp/987-988"],
  },
  {
    name: "gke-metadata-dns",
    direction: "egress",
    peers: [{ range: "169.254.169.254/32", except: [] }],
    ports: ["tcp/80", "udp/53", "tcp/53"],
  },
];

/** Egress that is closed to nothing else. Pods are said by label too: not every CNI takes their addresses for a range's. */
export const allButMetadata: Allowance = {
  name: "all-but-metadata",
  direction: "egress",
  peers: [{ range: "0.0.0.0/0", except: [] }, { range: "::/0", except: [] }, { namespaceLabels: {} }],
  ports: [],
};

/** A peer that does not reach the metadata service: a range has its addresses left out. */
export function withoutMetadata(peer: PeerValue): PeerValue {
  if (!isRange(peer)) return peer;
  const range = Cidr.parse(peer.range);
  const holes = metadataAddresses.map((one) => Cidr.parse(one));
  const inside = holes.filter((one) => range.contains(one) && range.prefix < one.prefix);
  const left = inside.filter((one) => !peer.except.some((other) => Cidr.parse(other).contains(one)));
  return { range: peer.range, except: [...peer.except, ...left.map(String)] };
}

/** The metadata addresses that a peer reaches; without a peer, all. */
function reached(peers: readonly PeerValue[]): string[] {
  if (peers.length === 0) return metadataAddresses;
  const ranges = peers.filter(isRange);
  return metadataAddresses.filter((address) =>
    ranges.some(
      ({ range, except }) =>
        Cidr.parse(range).contains(Cidr.parse(address)) &&
        !except.some((one) => Cidr.parse(one).contains(Cidr.parse(address))),
    ),
  );
}

/** Openings of the baseline that reach the metadata service, with the addresses. */
export function openedMetadata(allowances: readonly Allowance[]): [Allowance, string[]][] {
  return allowances
    .filter(({ direction }) => direction === "egress")
    .map((one): [Allowance, string[]] => [one, reached(one.peers)])
    .filter(([, addresses]) => addresses.length > 0);
}

/** Whether ClusterNetworkPolicy, which can deny, denies the metadata service before anything is opened to all pods. */
export function isMetadataDenied(metadata: "deny" | "gke" | "allow" | undefined, { closed }: Baseline): boolean {
  return (metadata ?? "deny") === "deny" && closed.includes("egress");
}

interface EgressRule {
  to?: { ipBlock?: { cidr: string; except?: string[] } }[];
}

/** NetworkPolicies beside the baseline that open the metadata service: rules add up, and one that opens is enough. */
export function cancelling(policies: readonly KubernetesObject[]): [policy: string, addresses: string[]][] {
  return policies
    .map((policy): [string, string[]] => {
      const { egress = [] } = policy.spec as { egress?: EgressRule[] };
      const addresses = egress.flatMap(({ to = [] }) => {
        const ranges = to.flatMap(({ ipBlock }) =>
          ipBlock ? [{ range: ipBlock.cidr, except: ipBlock.except ?? [] }] : [],
        );
        return to.length > 0 && ranges.length === 0 ? [] : reached(ranges);
      });
      return [`${policy.metadata.namespace}/${policy.metadata.name}`, [...new Set(addresses)]];
    })
    .filter(([, addresses]) => addresses.length > 0);
}
