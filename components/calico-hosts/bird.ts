import { addressOf } from "../addresses/families";
import type { InventoryNode } from "../inventory";
import { lines } from "../network-nodes/host-files";
import type { NodeStateInput } from "../node/state";
import type { CalicoHostsSettings } from "./complete";
import type { OpenStack } from "./orchestrators";
import { unitFile } from "./unit";

/** Where its configuration is, and what it answers at. */
export function birdPaths(network: string): { configuration: string; socket: string } {
  return { configuration: `/etc/bird/podnet-${network}.conf`, socket: `/run/bird/podnet-${network}.ctl` };
}

/**
 * BIRD 2, which tells routes to virtual machines. Every node knows the route reflectors and no other, and these take
 * whoever comes from the nodes' networks: what stands on a node does not grow with the number of nodes.
 */
export function bird(
  settings: CalicoHostsSettings,
  own: OpenStack,
  node: InventoryNode,
): Pick<NodeStateInput, "files" | "units"> {
  const { configuration: path, socket } = birdPaths(settings.name);
  const content = configuration(settings, own, node);
  const unit = unitFile({
    description: "BGP of virtual machines' routes",
    service: [
      "ExecStartPre=/bin/mkdir -p /run/bird",
      `ExecStartPre=${settings.programs.bird} -p -c ${path}`,
      `ExecStart=${settings.programs.bird} -f -c ${path} -s ${socket}`,
      "Restart=on-failure",
      "RestartSec=2",
    ],
    reads: [content],
  });
  return { files: [{ path, content }], units: [{ name: `podnet-${settings.name}-bird.service`, content: unit }] };
}

function configuration(settings: CalicoHostsSettings, { bgp, families }: OpenStack, node: InventoryNode): string {
  const { asNumber, routeReflectors } = bgp as NonNullable<OpenStack["bgp"]>;
  // Next hops stay as they are: own routes have none, and get this node's address; reflected ones keep their node's.
  const channels = families.flatMap((family) => [
    `  ${family} {`,
    "    import all;",
    "    export filter endpoints;",
    "  };",
  ]);
  const kernel = families.flatMap((family) => [
    `protocol kernel kernel_${family} {`,
    "  learn;",
    "  persist;",
    "  graceful restart;",
    `  ${family} { import all; export filter { if proto ~ "device*" then reject; accept; }; };`,
    "}",
  ]);
  return lines([
    `router id ${addressOf(node.addresses, "ipv4")};`,
    // Felix makes a route for each virtual machine, to its tap.
    'filter endpoints { if ifname ~ "tap*" then accept; if source = RTS_BGP then accept; reject; }',
    "protocol device device1 { }",
    ...kernel,
    ...peers(settings, routeReflectors, asNumber, node).flatMap(([name, words]) => [
      `protocol bgp ${name} {`,
      `  local as ${asNumber};`,
      ...words,
      "  graceful restart;",
      ...channels,
      "}",
    ]),
  ]);
}

/** A route reflector speaks to the others, and waits for everybody else. */
function peers(
  { nodes }: CalicoHostsSettings,
  reflectors: readonly string[],
  asNumber: number,
  node: InventoryNode,
): [string, string[]][] {
  const others = nodes.nodes
    .filter(({ name }) => reflectors.includes(name) && name !== node.name)
    .map(({ addresses }, index): [string, string[]] => [
      `reflector${index + 1}`,
      [`  neighbor ${addressOf(addresses, "ipv4")} as ${asNumber};`],
    ]);
  if (!reflectors.includes(node.name)) return others;
  const ranges = Object.values(nodes.segments)
    .flatMap(({ subnets }) => subnets)
    .filter((subnet) => !subnet.includes(":"));
  const clients = ranges.map((range, index): [string, string[]] => [
    `clients${index + 1}`,
    [`  neighbor range ${range} as ${asNumber};`, `  dynamic name "client${index + 1}_";`, "  rr client;"],
  ]);
  return [...others, ...clients];
}
