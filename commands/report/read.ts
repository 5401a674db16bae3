import { z } from "zod";
import type { KeptResource } from "../stack/state";

// What a report takes of each resource. A state may be older or younger than this command, and is others' data: what is
// not as it should be is left out, and the rest is shown.

const texts = z.array(z.string()).catch([]);
const number = z.number().optional().catch(undefined);

const recordedNode = z.looseObject({
  addresses: texts,
  segment: z.string().catch("default"),
  mtu: number,
});

const settings = z.looseObject({
  podCidr: texts,
  serviceCidr: texts,
  mtu: number,
  shape: z.string().optional().catch(undefined),
  crossSegment: z.string().optional().catch(undefined),
  backend: z.looseObject({ type: z.string() }).optional().catch(undefined),
  transport: z.looseObject({ type: z.string() }).optional().catch(undefined),
  encapsulation: z.string().optional().catch(undefined),
  nodes: z.record(z.string(), recordedNode).catch({}),
  segments: z.record(z.string(), z.looseObject({ subnets: texts, routers: texts })).catch({}),
});

const route = z.looseObject({
  to: z.string(),
  via: z.string().optional(),
  device: z.string().optional(),
  count: z.int().min(1).catch(1),
});
const link = z.looseObject({
  type: z.string(),
  name: z.string(),
  vni: number,
  port: number,
  peers: z.array(z.looseObject({ count: z.int().min(1).catch(1) })).catch([]),
});

const parts = {
  record: z.looseObject({ network: z.string().catch("network"), settings: settings.catch(() => settings.parse({})) }),
  plan: z.looseObject({ subnets: z.record(z.string(), texts).catch({}) }),
  node: z.looseObject({
    node: z.string().catch(""),
    state: z
      .looseObject({ routes: z.array(route).catch([]), links: z.array(link).catch([]) })
      .catch({ routes: [], links: [] }),
    drift: z.array(z.looseObject({ item: z.string() })).catch([]),
  }),
  proof: z.looseObject({
    nodes: z.array(z.looseObject({ name: z.string(), addresses: texts })).catch([]),
    mtu: number,
    passed: z.boolean().catch(true),
    matrix: z
      .looseObject({ summary: z.string().catch(""), rows: texts, failures: texts })
      .catch({ summary: "", rows: [], failures: [] }),
  }),
};

type Part = keyof typeof parts;
export type Read<Name extends Part> = z.output<(typeof parts)[Name]>;
export type Settings = Read<"record">["settings"];

/** What carries packets from node to node, in the network's own word. */
export const carrierOf = ({ backend, transport, encapsulation }: Settings): string | undefined =>
  backend?.type ?? transport?.type ?? encapsulation;

const types: Record<string, Part> = {
  "podnet:index:NetworkRecord": "record",
  "podnet:index:AddressPlan": "plan",
  "podnet:index:NodeState": "node",
  "podnet:index:Verification": "proof",
};

/** A component's own resources, by what they are. */
export interface Family {
  record: Read<"record"> & { resource: KeptResource };
  plans: Read<"plan">[];
  nodes: (Read<"node"> & { resource: KeptResource })[];
  proofs: Read<"proof">[];
}

/** The networks of a state: each component with a record, but for baselines of policy, which are no networks. */
export function familiesIn(resources: readonly KeptResource[]): Family[] {
  const groups = Map.groupBy(resources, ({ urn, parent }) => parent ?? urn);
  return [...groups.values()].flatMap((group) => {
    const of = <Name extends Part>(part: Name) =>
      group.filter(({ type }) => types[type] === part).map((resource) => ({ ...read(part, resource), resource }));
    const [record] = of("record");
    if (!record || record.network === "policy") return [];
    return [{ record, plans: of("plan"), nodes: of("node"), proofs: of("proof") }];
  });
}

function read<Name extends Part>(part: Name, { inputs, outputs }: KeptResource): Read<Name> {
  return parts[part].parse({ ...inputs, ...outputs }) as Read<Name>;
}
