import { Cidr, compare, IpAddress } from "../addresses/cidr";
import { vxlanOverhead } from "../addresses/mtu";
import { allocate, PlanError } from "../addresses/plan";
import type { Problem } from "../addresses/problem";
import { nameProblems } from "../network-nodes/name";
import { rangeProblems, rangeWarnings, someOf } from "../network-nodes/ranges";
import { complete, endpointOf, type LinenSettings, pools } from "./complete";
import type { ParsedSettings } from "./settings";

/** What is wrong with settings beyond the single field. */
export function settingsProblems(name: string, parsed: ParsedSettings): Problem[] {
  const settings = complete(name, parsed);
  const { podCidr, nodes } = settings;
  const families: Problem[] =
    podCidr.length === 1 && !podCidr[0]?.includes(":")
      ? []
      : [
          {
            path: "podCidr",
            value: podCidr.join(", "),
            rule: "Linen's pods have one IPv4 range",
            fix: 'say podCidr: "10.244.0.0/16"',
          },
        ];
  return [
    ...nameProblems(name),
    ...families,
    ...(families.length > 0 ? [] : [...partProblems(settings), ...rangeProblems(settings, nodes)]),
    ...topologyProblems(settings),
    ...endpointProblems(settings),
    ...mtuProblems(settings),
    ...flaxdProblems(settings),
  ];
}

/** What is likely to go wrong, and is the user's to judge. */
export function settingsWarnings(settings: LinenSettings): string[] {
  const { nodes, endpoints } = settings;
  const names = nodes.nodes.map(({ name }) => name);
  return [
    ...nodes.warnings,
    ...rangeWarnings(settings),
    ...Object.keys(endpoints)
      .filter((name) => !names.includes(name))
      .map(
        (name) =>
          `endpoints.${name}: there is no node ${name}, and no tunnel begins there; nodes are ${names.join(", ")}`,
      ),
  ];
}

function partProblems({ ranges, podCidr, nodes, nodePrefix }: LinenSettings): Problem[] {
  const names = nodes.nodes.map(({ name }) => name);
  const said = Object.entries(ranges);
  if (said.length === 0) return planProblems({ podCidr, nodePrefix, ranges, nodes });
  const whole = Cidr.parse(podCidr[0] as string);
  const parts = said.map(([node, { start, end }]) => ({
    node,
    start: IpAddress.parse(start),
    end: IpAddress.parse(end),
  }));
  const text = ({ start, end }: (typeof parts)[number]) => `${start} to ${end}`;
  const sorted = parts.toSorted((left, right) => compare(left.start, right.start));
  return [
    ...said
      .filter(([node]) => !names.includes(node))
      .map(([node]) => ({
        path: `ranges.${node}`,
        rule: `there is no node ${node}`,
        fix: `nodes are: ${names.join(", ")}`,
      })),
    ...names
      .filter((node) => !(node in ranges))
      .map((node) => ({
        path: "ranges",
        rule: `${node} has no part of podCidr`,
        fix: `say ranges.${node}, or leave ranges out`,
      })),
    ...parts
      .filter(({ start, end }) => start.value + 1n > end.value || !whole.contains(start) || !whole.contains(end))
      .map((part) => ({
        path: `ranges.${part.node}`,
        value: text(part),
        rule: `a part has a gateway and at least one pod's address, all in podCidr ${whole}`,
        fix: "say start and end in it",
      })),
    ...sorted.slice(1).flatMap((part, index) => {
      const before = sorted[index] as (typeof parts)[number];
      if (part.start.value > before.end.value) return [];
      const rule = `${part.node}'s part ${text(part)} meets ${before.node}'s ${text(before)}`;
      return [
        {
          path: `ranges.${part.node}`,
          value: text(part),
          rule,
          fix: "two pods would have one address; keep them apart",
        },
      ];
    }),
  ];
}

function planProblems(settings: Pick<LinenSettings, "podCidr" | "nodePrefix" | "ranges" | "nodes">): Problem[] {
  const { podCidr, nodePrefix, nodes } = settings;
  const { prefix } = Cidr.parse(podCidr[0] as string);
  if (nodePrefix < prefix)
    return [
      {
        path: "nodePrefix",
        value: String(nodePrefix),
        rule: `a node's part of /${nodePrefix} is larger than podCidr /${prefix}`,
        fix: `take ${prefix + 1} or more`,
      },
    ];
  try {
    allocate(undefined, { pools: pools(settings as LinenSettings), nodes: nodes.nodes.map(({ name }) => name) });
    return [];
  } catch (error) {
    if (error instanceof PlanError) return error.problems.filter(({ path }) => path !== "pools");
    throw error;
  }
}

/** Frames that come back by another tunnel go round for ever, unless something closes the ring. */
function topologyProblems({ topology, controller, nodes }: LinenSettings): Problem[] {
  if (topology.type === "mesh")
    return topology.spanningTree === "none" && !controller && nodes.nodes.length > 2
      ? [
          {
            path: "topology",
            value: "mesh",
            rule: "a full mesh of tunnels is a ring, in which broadcasts go round for ever",
            fix: 'say spanningTree: "rstp", name a controller, or take topology: { type: "star", hub }',
          },
        ]
      : [];
  const names = nodes.nodes.map(({ name }) => name);
  if (names.includes(topology.hub)) return [];
  return [
    {
      path: "topology.hub",
      value: topology.hub,
      rule: `there is no node ${topology.hub}`,
      fix: `nodes are: ${names.join(", ")}`,
    },
  ];
}

function endpointProblems(settings: LinenSettings): Problem[] {
  const { nodes, endpoints } = settings;
  const without = nodes.nodes.filter((node) => endpointOf(settings, node) === undefined);
  const six = Object.entries(endpoints).filter(([, address]) => address.includes(":"));
  return [
    ...without.map(({ name }) => ({
      path: `endpoints.${name}`,
      rule: `${name} has no IPv4 address that its tunnels could begin at`,
      fix: `say endpoints.${name}`,
    })),
    ...six.map(([name, value]) => ({
      path: `endpoints.${name}`,
      value,
      rule: "Linen's tunnels are over IPv4",
      fix: "name an IPv4 address",
    })),
  ];
}

function mtuProblems({ mtu, nodes }: LinenSettings): Problem[] {
  const narrow = nodes.nodes.filter((node) => node.mtu < mtu + vxlanOverhead.ipv4);
  if (narrow.length === 0) return [];
  const carried = Math.min(...narrow.map((node) => node.mtu));
  const rule = `packets of ${mtu} bytes and ${vxlanOverhead.ipv4} of VXLAN do not fit the NIC of ${someOf(narrow)}, which carries ${carried}`;
  return [{ path: "mtu", value: String(mtu), rule, fix: `take ${carried - vxlanOverhead.ipv4} or less` }];
}

/** flaxd reads one file by its name, and writes what podnet would take away again. */
function flaxdProblems({ flaxd, tunnelsBy, topology, cni }: LinenSettings): Problem[] {
  if (!flaxd) return [];
  return [
    ...(tunnelsBy === "podnet"
      ? [
          {
            path: "flaxd",
            rule: "podnet makes the tunnels, and flaxd would make them too",
            fix: 'leave flaxd out, or say tunnelsBy: "linen"',
          },
        ]
      : []),
    ...(topology.type === "mesh"
      ? [{ path: "flaxd", rule: "flaxd joins nodes to the hub of a star", fix: 'say topology: { type: "star", hub }' }]
      : []),
    ...(cni.fileName !== "linen.conflist"
      ? [{ path: "cni.fileName", value: cni.fileName, rule: "flaxd reads linen.conflist", fix: "leave fileName out" }]
      : []),
  ];
}
