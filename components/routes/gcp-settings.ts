import { z } from "zod";
import { Cidr } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import { ipAddress } from "../addresses/schema";
import { later } from "../later";
import { quotas } from "./quota";
import { nodeName, type RoutedNetwork, routedNetwork, wayProblems } from "./settings";

const name = later(z.string().min(1));
const tag = z
  .string()
  .regex(/^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$/, "a network tag: lower-case letters, digits and dashes");

/** What may be said of pod routes in a Google Cloud VPC network. */
export const gcpRoutesSettings = z.strictObject({
  /** The pod network: a component with `subnets` and `podCidr`, such as `BridgeNetwork`, or the two written down. */
  network: routedNetwork,

  /** Name or self link of the VPC network that the nodes are in. */
  vpc: name,

  /** Id of the project that the VPC network is in. @default the provider's */
  project: z.string().min(1).optional(),

  /** How each node of the network is reached. Not with `alias`. */
  nodes: z
    .record(
      nodeName,
      z.strictObject({
        /** Self link of its instance, or its name, with the zone. The instance has `canIpForward`. */
        instance: name.optional(),
        /** Zone of an instance that is given by its name. */
        zone: name.optional(),
        /** Or its primary internal IPv4 address. Nobody looks whether the instance behind it has `canIpForward`. */
        ipv4: later(ipAddress).optional(),
        /** And its IPv6 address, for IPv6 pods. */
        ipv6: later(ipAddress).optional(),
        /** Or the node that forwards for it. */
        via: nodeName.optional(),
      }),
    )
    .default({}),

  /** Of several routes to a destination the lowest wins, from 0 to 65,535. @default 1000, Google's */
  priority: z.int().min(0).max(65535).default(1000),

  /** Network tags of the instances that get the routes and the firewall rules. @default [] (all of the VPC network) */
  tags: z.array(tag).max(256).default([]),

  /** Firewall rules that let pods in, one for each address family. @default true */
  firewall: z.boolean().default(true),

  /**
   * Instead of routes, alias IP ranges of the instances' network interfaces, which the VPC network routes by itself: no
   * quota of routes, no `canIpForward`. The output `aliasIpRanges` says what each instance gets. IPv4.
   */
  alias: z
    .strictObject({
      /** Self link of the nodes' subnetwork. */
      subnetwork: name,
      /** Name of its secondary range that pods' addresses are in. */
      range: z.string().min(1),
    })
    .optional(),

  /** Static routes that the VPC network takes, those of others left out. @default 200 (docs/components/routes.md) */
  quota: z.int().min(1).default(quotas.gcp.usual),
});

/** Settings of pod routes in a Google Cloud VPC network as they may be written. */
export type GcpRoutesArgs = Omit<z.input<typeof gcpRoutesSettings>, "network"> & { network: RoutedNetwork };
export type GcpSettings = z.output<typeof gcpRoutesSettings>;

export function gcpProblems(component: string, settings: GcpSettings): Problem[] {
  const { nodes, alias, network } = settings;
  if (alias === undefined) return [...nameProblems(component, network.podCidr), ...wayOf(settings)];
  const given = Object.keys(nodes).length > 0;
  const six = network.podCidr.filter((text) => Cidr.parse(text).family === "ipv6");
  return [
    ...nameProblems(component, network.podCidr),
    ...(given ? [{ path: "nodes", rule: "alias IP ranges need no next hops", fix: "leave nodes out, or alias" }] : []),
    ...six.map((value) => ({
      path: "network.podCidr",
      value,
      rule: "alias IP ranges are IPv4",
      fix: "leave the IPv6 range out, or take routes",
    })),
  ];
}

function wayOf({ nodes, network }: GcpSettings): Problem[] {
  const families = network.podCidr.map((text) => Cidr.parse(text).family);
  const addressed = Object.entries(nodes).filter(([, { ipv4, ipv6 }]) => ipv4 !== undefined || ipv6 !== undefined);
  // The two addresses are one way.
  const ways = Object.entries(nodes).map(([node, { instance, via, ipv4, ipv6 }]) => [
    node,
    { instance, via, address: ipv4 ?? ipv6 },
  ]);
  const missing = addressed.flatMap(([node, addresses]) =>
    families
      .filter((family) => addresses[family] === undefined)
      .map((family) => ({
        path: `nodes.${node}.${family}`,
        rule: `${node} has no ${family} address, and podCidr has an ${family} range`,
        fix: `say nodes.${node}.${family}, or its instance`,
      })),
  );
  const zoneless = Object.entries(nodes).filter(
    ([, { instance, zone }]) => typeof instance === "string" && !instance.includes("/") && zone === undefined,
  );
  return [
    ...wayProblems(Object.fromEntries(ways), ["instance", "address"]),
    ...missing,
    ...zoneless.map(([node]) => ({
      path: `nodes.${node}.zone`,
      rule: `${node}'s instance is a name, and names are of a zone`,
      fix: `say nodes.${node}.zone, or the instance's self link`,
    })),
  ];
}

/** Names are RFC 1035 labels of 63 characters at most, and hold the destination: "pods-10-244-0-0-24". */
function nameProblems(component: string, podCidr: readonly string[]): Problem[] {
  const destination = podCidr.some((text) => text.includes(":")) ? 8 * "-ffff".length + 4 : 4 * "-255".length + 3;
  const room = 63 - destination;
  if (new RegExp(`^[a-z][a-z0-9-]{0,${room - 1}}$`).test(component)) return [];
  return [
    {
      path: "name",
      value: component,
      rule: `the name is not 1 to ${room} lower-case letters, digits and dashes`,
      fix: "it begins the routes' names in Google Cloud; give the component another",
    },
  ];
}
