import { families } from "../addresses/families";
import { cleanUnit, unannotate } from "../network-nodes/clean";
import { withoutResidue } from "../network-nodes/residue";
import { quote } from "../node/quote";
import type { OvnKubernetesSettings } from "./complete";
import { zoneLabel } from "./names";
import { annotations, chassisNumber, externalIds, residue } from "./residue";

/** Takes away what OVN-Kubernetes makes on a node and leaves there, when podnet removes the network. */
export function cleaning(settings: OvnKubernetesSettings) {
  const { name, kubeletConfig } = settings;
  return cleanUnit(name, [
    ...withoutResidue(residue(settings)),
    ...withoutGateway(settings),
    "nft delete table inet ovn-kubernetes 2>/dev/null",
    ...unannotate(kubeletConfig, annotations, [zoneLabel]),
  ]);
}

/** The bridge of the NIC carries the node on: flows and ports of OVN go out of it, and it forwards as any switch. */
function withoutGateway(settings: OvnKubernetesSettings): string[] {
  const { gateway, openvswitch } = settings;
  if (openvswitch === "pod") return [];
  // ovnkube names its own bridge by the NIC.
  const bridge = quote(`${gateway.bridge === "by-ovnkube" ? "br" : ""}${gateway.interface}`);
  const vsctl = "ovs-vsctl --timeout=5";
  return [
    `if ${vsctl} br-exists ${bridge} 2>/dev/null; then`,
    `  for port in $(${vsctl} list-ports ${bridge} | grep '^patch-.*-to-br-int$'); do ${vsctl} --if-exists del-port ${bridge} "$port"; done`,
    // One transaction: between the two the node would be cut off.
    `  printf '%s\\n' 'flow delete' 'flow add priority=0,actions=NORMAL' | ovs-ofctl --bundle add-flows ${bridge} - 2>/dev/null`,
    ...withoutServices(settings, bridge),
    "fi",
    ...externalIds.map((key) => `${vsctl} --no-wait remove Open_vSwitch . external_ids ${key} 2>/dev/null`),
    // Of this chassis alone: another ovn-controller of the node has a number of its own.
    `chassis=$(${vsctl} get Open_vSwitch . external_ids:system-id 2>/dev/null | tr -d '"')`,
    `[ -z "$chassis" ] || ${vsctl} --no-wait remove Open_vSwitch . other_config "${chassisNumber}$chassis" 2>/dev/null`,
  ];
}

/** By an address and neighbours of its own on the bridge ovnkube leads what the node itself sends to services into OVN. */
function withoutServices({ serviceCidr, podCidr, subnets }: OvnKubernetesSettings, bridge: string): string[] {
  const own = families(podCidr).map((family) => (family === "ipv4" ? subnets.masqueradeIpv4 : subnets.masqueradeIpv6));
  const ip = (cidr: string) => `  ip ${cidr.includes(":") ? "-6" : "-4"}`;
  return [
    ...[...serviceCidr, ...own].map((cidr) => `${ip(cidr)} route flush root ${cidr} dev ${bridge} 2>/dev/null`),
    ...own.flatMap((cidr) => [
      `${ip(cidr)} neighbour flush to ${cidr} dev ${bridge} nud permanent 2>/dev/null`,
      `${ip(cidr)} address flush dev ${bridge} to ${cidr} 2>/dev/null`,
    ]),
  ];
}
