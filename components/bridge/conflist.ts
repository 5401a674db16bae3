import { z } from "zod";
import { Cidr, IpAddress } from "../addresses/cidr";
import { addressOf } from "../addresses/families";
import { cover } from "../addresses/import-id";
import type { InventoryNode } from "../inventory";
import type { BridgeSettings } from "./complete";

interface Range {
  subnet: string;
  rangeStart?: string;
  rangeEnd?: string;
  gateway?: string;
}

/** The CNI configuration of one node: the bridge plugin with its addresses, and portmap. */
export function conflist(settings: BridgeSettings, node: InventoryNode, subnets: readonly string[]): string {
  const { name, cni, portMappings } = settings;
  const plugins = [
    bridgePlugin(settings, node, subnets),
    ...(portMappings ? [{ type: "portmap", capabilities: { portMappings: true } }] : []),
  ];
  const text = plugins.map((plugin) => JSON.stringify(plugin)).join(",\n");
  // A line a plugin: the state has it for every node.
  return `{"cniVersion":${JSON.stringify(cni.version)},"name":${JSON.stringify(name)},"plugins":[\n${text}\n]}\n`;
}

/**
 * Fields at their own default are left out: the file says what was decided, and an older plugin meets nothing that it
 * does not know. ipMasq stays false because the plugin would also translate packets to other nodes' pods.
 */
function bridgePlugin(settings: BridgeSettings, node: InventoryNode, subnets: readonly string[]) {
  const { bridge, mtu, hairpin, shape, cni } = settings;
  return {
    type: "bridge",
    bridge,
    mtu,
    ...(shape === "routed" && { isGateway: true }),
    ipMasq: false,
    ...(hairpin && { hairpinMode: true }),
    ...(cni.promiscMode && { promiscMode: true }),
    ...(cni.macspoofchk && { macspoofchk: true }),
    ...(cni.enabledad && { enabledad: true }),
    ...(cni.portIsolation && { portIsolation: true }),
    ipam: shape === "routed" ? routedIpam(subnets) : flatIpam(settings, node, subnets),
  };
}

function routedIpam(subnets: readonly string[]) {
  const ranges = subnets.map((subnet): Range[] => [{ subnet, gateway: String(Cidr.parse(subnet).address(1)) }]);
  return { type: "host-local", ranges, routes: subnets.map((subnet) => ({ dst: everywhere(subnet) })) };
}

/** Services are reached by the pod's own node, which knows them; everything else by the physical network's router. */
function flatIpam({ flat, podCidr, serviceCidr }: BridgeSettings, node: InventoryNode, subnets: readonly string[]) {
  if (flat.ipam === "dhcp") return { type: "dhcp" };
  const own = flat.ranges[node.name];
  const ranges = podCidr.flatMap((network): Range[][] => {
    const { family } = Cidr.parse(network);
    const gateway = addressOf(flat.gateway, family);
    const spans = own?.filter(({ start }) => IpAddress.parse(start).family === family) ?? spansOf(network, subnets);
    return [spans.map(({ start, end }) => ({ subnet: network, rangeStart: start, rangeEnd: end, gateway }))];
  });
  const services = serviceCidr.map((dst) => ({ dst, gw: addressOf(node.addresses, Cidr.parse(dst).family) }));
  const defaults = podCidr.map((network) => ({ dst: everywhere(network) }));
  return { type: "host-local", ranges, routes: [...defaults, ...services.filter(({ gw }) => gw !== undefined)] };
}

/** A node's part of the pool, less the addresses that mean the network itself or all of it. */
function spansOf(network: string, subnets: readonly string[]): { start: string; end: string }[] {
  const whole = Cidr.parse(network);
  return subnets
    .map((text) => Cidr.parse(text))
    .filter((part) => whole.contains(part))
    .map((part) => {
      const first = part.base === whole.base ? part.address(1) : part.address(0);
      const broadcast = part.family === "ipv4" && part.last.value === whole.last.value;
      return { start: String(first), end: String(broadcast ? part.address(part.size - 2n) : part.last) };
    });
}

/**
 * The subnets of the node that a configuration was written for, as the address plan gave them; none where addresses
 * come from a DHCP server.
 */
export function subnetsIn(text: string): string[] {
  const { plugins } = written.parse(JSON.parse(text));
  const ranges = plugins.flatMap(({ ipam }) => ipam?.ranges ?? []);
  return ranges.flatMap((range) =>
    range.slice(0, 1).map(({ subnet, rangeStart, rangeEnd }) => {
      if (rangeStart === undefined || rangeEnd === undefined) return subnet;
      return String(cover([rangeStart, rangeEnd].map((address) => Cidr.host(IpAddress.parse(address)))));
    }),
  );
}

const written = z.object({
  plugins: z.array(
    z.object({
      ipam: z
        .object({
          ranges: z
            .array(
              z.array(
                z.object({ subnet: z.string(), rangeStart: z.string().optional(), rangeEnd: z.string().optional() }),
              ),
            )
            .optional(),
        })
        .optional(),
    }),
  ),
});

function everywhere(cidr: string): string {
  return Cidr.parse(cidr).family === "ipv4" ? "0.0.0.0/0" : "::/0";
}
