import { allocate } from "../../../../components/addresses/plan";
import { pools } from "../../../../components/bridge/complete";
import { hosts } from "../../../../components/bridge/host";
import { record } from "../../../../components/bridge/record";
import type { InventoryInput } from "../../../../components/inventory";
import { matrix, passed } from "../../../../components/verification/matrix";
import { coverageOf, pairs } from "../../../../components/verification/pairs";
import type { Probe, Verdict } from "../../../../components/verification/probes";
import { verificationSettings } from "../../../../components/verification/settings";
import { read, type Written } from "../../bridge/read";

// States as `pulumi stack export` prints them, built by the components' own code, so that a page is tested with what a
// stack really keeps, of three nodes as of a thousand.

interface Wish {
  nodes: number;
  /** Segments that the nodes are spread over, one after another. */
  segments?: number;
  settings?: Partial<Written>;
  /** Changes a resource before it is kept. */
  edit?: (resource: Kept) => Kept;
  /** What a probe answers where it is not well. */
  answer?: (from: number, to: number) => Partial<Probe["answer"]>;
}

interface Kept {
  urn: string;
  type: string;
  [more: string]: unknown;
}

const urn = (type: string, name: string) => `urn:pulumi:rack::site::podnet:index:BridgeNetwork$${type}::${name}`;

function inventory(count: number, segments: number): InventoryInput {
  const size = Math.ceil(count / segments);
  const place = (index: number) => {
    const [segment, offset] = [Math.floor(index / size), (index % size) + 10];
    return { segment, address: `10.${segment + 1}.${Math.floor(offset / 250)}.${(offset % 250) + 1}` };
  };
  const width = String(count).length;
  const nodes = Array.from({ length: count }, (_, index) => {
    const { segment, address } = place(index);
    const name = `node${String(index + 1).padStart(width, "0")}`;
    return [
      name,
      { connection: { host: address }, addresses: [address], ...(segments > 1 && { segment: `rack${segment + 1}` }) },
    ];
  });
  const described = Array.from({ length: segments }, (_, index) => [
    `rack${index + 1}`,
    { subnets: [`10.${index + 1}.0.0/16`], routers: [`10.${index + 1}.0.1`] },
  ]);
  return { nodes: Object.fromEntries(nodes), ...(segments > 1 && { segments: Object.fromEntries(described) }) };
}

export function stateOf({ nodes: count, segments = 1, settings: more = {}, edit = (one) => one, answer }: Wish) {
  const settings = read({ podCidr: "172.24.0.0/14", nodes: inventory(count, segments), ...more } as Written);
  const names = settings.nodes.nodes.map(({ name }) => name);
  const subnets = allocate(undefined, { pools: pools(settings), nodes: names });
  const states = hosts(settings, subnets);
  const proof = verificationSettings.parse({
    network: "pods",
    nodes: settings.nodes.nodes.map(({ name, connection, addresses }) => ({ name, connection, addresses })),
    cni: { configFile: "/etc/cni/net.d/10-podnet-pods.conflist" },
    mtu: settings.mtu,
  });
  const verdict: Verdict = {
    network: "pods",
    nodes: names,
    probes: probesOf(proof, answer),
    unprobed: [],
    complaints: [],
  };
  const parent = "urn:pulumi:rack::site::podnet:index:BridgeNetwork::pods";
  const made = { created: "2026-03-01T08:00:00Z", modified: "2026-03-01T08:00:00Z", custom: true, parent };
  const of = (type: string, name: string, inputs: object, outputs: object = inputs): Kept => ({
    urn: urn(type, name),
    type,
    inputs,
    outputs,
    ...made,
  });
  const resources: Kept[] = [
    { urn: "urn:pulumi:rack::site::pulumi:pulumi:Stack::site-rack", type: "pulumi:pulumi:Stack", custom: false },
    { urn: parent, type: "podnet:index:BridgeNetwork", custom: false, outputs: {} },
    of(
      "podnet:index:NetworkRecord",
      "pods",
      { network: "bridge", settings: record(settings) },
      { network: "bridge", settings: record(settings), lastChange: "safe" },
    ),
    of("podnet:index:AddressPlan", "pods", { nodes: names, subnets }, { subnets }),
    ...settings.nodes.nodes.map(({ name, connection }) =>
      of(
        "podnet:index:NodeState",
        `pods-${name}`,
        { node: name, owner: "pods", connection, state: states[name] },
        { node: name, owner: "pods", manifest: "0f".repeat(32), hostKey: "ssh-ed25519 AAAA" },
      ),
    ),
    of("podnet:index:Verification", "pods", proof, { matrix: matrix(verdict, proof), passed: passed(verdict, proof) }),
  ];
  return {
    text: JSON.stringify({ version: 3, deployment: { manifest: {}, resources: resources.map(edit) } }),
    probes: JSON.stringify({ networks: [{ network: "pods", probes: verdict.probes }] }),
  };
}

/** Round trips that are longer the farther two nodes stand from each other. */
function probesOf(proof: ReturnType<typeof verificationSettings.parse>, answer: Wish["answer"]): Probe[] {
  const name = (index: number) => proof.nodes[index]?.name as string;
  return pairs(proof.nodes.length, coverageOf(proof)).flatMap((targets, from) =>
    targets.map((to): Probe => {
      const milliseconds = 0.08 + (Math.abs(from - to) % 97) / 150 + ((from * 7 + to * 3) % 11) / 100;
      return {
        kind: "pod",
        from: name(from),
        to: name(to),
        family: "ipv4",
        source: "172.24.0.2",
        target: "172.24.1.2",
        answer: { reachable: true, fullSize: true, milliseconds, ...answer?.(from, to) },
      };
    }),
  );
}
