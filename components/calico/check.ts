import { Cidr } from "../addresses/cidr";
import { families } from "../addresses/families";
import { smallestMtu } from "../addresses/mtu";
import type { Problem } from "../addresses/problem";
import { nameProblems } from "../network-nodes/name";
import { familyProblems, rangeProblems, rangeWarnings } from "../network-nodes/ranges";
import { bgpProblems } from "./check-bgp";
import { failsafeProblems } from "./check-failsafe";
import { installProblems } from "./check-install";
import { poolProblems } from "./check-pools";
import { type CalicoSettings, complete, nodeCount, smallestNic } from "./complete";
import { overheads } from "./mtu";
import { policyProblems } from "./policy/check";
import { policyWarnings } from "./policy/warnings";
import type { ParsedSettings } from "./settings";
import { since } from "./version";

/** What is wrong with settings beyond the single field. */
export function settingsProblems(name: string, parsed: ParsedSettings): Problem[] {
  const settings = complete(name, parsed);
  return [
    ...nameProblems(name),
    ...familyProblems(settings, settings.nodes),
    ...rangeProblems(settings, settings.nodes),
    ...poolProblems(settings),
    ...mtuProblems(settings),
    ...installProblems(settings, parsed),
    ...bgpProblems(settings),
    ...autodetectionProblems(settings),
    ...nodeProblems(settings),
    ...failsafeProblems(settings),
    ...policyProblems(settings, {
      hasTiers: since(settings.version, "3.30.0"),
      ...(settings.nodes && { nodes: settings.nodes.nodes.map((node) => node.name) }),
    }),
  ];
}

function mtuProblems(settings: CalicoSettings): Problem[] {
  const { mtu } = settings;
  const nic = smallestNic(settings);
  const tooLarge = overheads(settings).filter(({ bytes }) => mtu + bytes > nic);
  return [
    ...(mtu > nic ? [{ name: "", bytes: 0 }] : tooLarge).map(({ name, bytes }) => ({
      path: "mtu",
      value: String(mtu),
      rule: `packets of ${mtu} bytes${bytes > 0 ? ` and ${bytes} of ${name}` : ""} do not fit a network that carries ${nic}`,
      fix: `take ${nic - bytes} or less, or correct ${settings.nodes ? "the nodes' mtu in the inventory" : "underlayMtu"}`,
    })),
    ...[...new Set(families(settings.podCidr))]
      .filter((family) => mtu < smallestMtu[family])
      .map((family) => ({
        path: "mtu",
        value: String(mtu),
        rule: `${mtu} bytes are less than the ${smallestMtu[family]} that ${family} needs`,
        fix: "raise the MTU of the NICs, or leave this address family out",
      })),
  ];
}

/** A method that reads addresses only works where each node has one that it finds. */
function autodetectionProblems({ autodetection, nodes }: CalicoSettings): Problem[] {
  return Object.entries(autodetection).flatMap(([family, method]) => {
    const path = `autodetection.${family}`;
    if (typeof method === "object" && "cidrs" in method) {
      const cidrs = method.cidrs.map((text) => Cidr.parse(text));
      const outside = (nodes?.nodes ?? []).filter(
        ({ addresses }) =>
          !addresses.some((one) =>
            cidrs.some((cidr) => cidr.overlaps(Cidr.parse(`${one}/${one.includes(":") ? 128 : 32}`))),
          ),
      );
      return outside.map(({ name }) => ({
        path,
        value: method.cidrs.join(", "),
        rule: `${name} has no ${family} address in these ranges, and would find none`,
        fix: "add the range of its address, or correct the inventory",
      }));
    }
    return [];
  });
}

function nodeProblems({ nodes, openPorts, networkManager }: CalicoSettings): Problem[] {
  if (nodes) return [];
  const asked = Object.entries({ openPorts, networkManager }).filter(([, value]) => value);
  return asked.map(([path]) => ({
    path,
    rule: `${path} changes nodes over SSH, and nodes is not given`,
    fix: "name the inventory",
  }));
}

/** What is likely to go wrong, and is the user's to judge. */
export function settingsWarnings(settings: CalicoSettings): string[] {
  const { nodes, autodetection, bgp, felix } = settings;
  const first = Object.entries(autodetection).filter(([, method]) => method === "first-found");
  const count = nodeCount(settings);
  return [
    ...(nodes?.warnings ?? []),
    ...rangeWarnings(settings),
    ...policyWarnings(settings),
    ...first.map(
      ([family]) =>
        `autodetection.${family} takes the first NIC: a node with several may tell an address that others do not reach; say cidrs or interface`,
    ),
    ...(bgp.enabled && bgp.nodeToNodeMesh && count > 100
      ? [`every node speaks BGP with ${count - 1} others; above 100 nodes Calico asks for bgp.routeReflectors`]
      : []),
    ...(felix.chainInsertMode === "Append"
      ? ["felix.chainInsertMode is Append: a rule that accepts before Calico's chains passes by every policy"]
      : []),
  ];
}
