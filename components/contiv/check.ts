import { Cidr } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import { nameProblems } from "../network-nodes/name";
import { rangeProblems, rangeWarnings } from "../network-nodes/ranges";
import { modeProblems } from "./check-mode";
import { tenantProblems } from "./check-tenants";
import { vppProblems, vppWarnings } from "./check-vpp";
import { type ContivSettings, complete, hasNetmaster, isKubernetes, ofFamily } from "./complete";
import type { ParsedSettings } from "./settings";

/** What is wrong with settings beyond the single field. */
export function settingsProblems(name: string, parsed: ParsedSettings): Problem[] {
  const settings = complete(name, parsed);
  return [
    ...nameProblems(name),
    ...modeProblems(settings, parsed),
    ...rangesOf(settings),
    ...(hasNetmaster(settings)
      ? [...wayProblems(settings), ...uplinkProblems(settings), ...tenantProblems(settings)]
      : []),
    ...serviceProblems(settings),
    ...aciProblems(settings),
    ...vppProblems(settings),
  ];
}

function rangesOf(settings: ContivSettings): Problem[] {
  const { podCidr, gateway, infraNetwork, forwarding, nodes, otherRanges, vpp } = settings;
  const families = podCidr.map((cidr) => Cidr.parse(cidr).family);
  const taken = {
    ...otherRanges,
    ...(hasNetmaster(settings) && forwarding === "routing" && { infraNetwork: [infraNetwork.subnet] }),
    ...(vpp && { "vpp.hostSubnetCidr": [vpp.hostSubnetCidr], "vpp.vxlanCidr": [vpp.vxlanCidr] }),
  };
  return [
    ...rangeProblems({ ...settings, otherRanges: taken }, nodes),
    ...(families.includes("ipv4") && new Set(families).size === families.length
      ? []
      : [
          {
            path: "podCidr",
            value: podCidr.join(", "),
            rule: "podCidr is one IPv4 range, and at most one IPv6 range beside it",
            fix: "name one of each",
          },
        ]),
    ...(gateway.length === podCidr.length && podCidr.every((cidr, index) => contains(cidr, gateway[index]))
      ? []
      : [
          {
            path: "gateway",
            value: gateway.join(", "),
            rule: "each range of podCidr has one gateway, an address of its own",
            fix: "leave gateway out, or name one for each range in their order",
          },
        ]),
  ];
}

function contains(cidr: string, address: string | undefined): boolean {
  return (
    address !== undefined && Cidr.parse(cidr).contains(Cidr.around(`${address}/${address.includes(":") ? 128 : 32}`))
  );
}

/** How packets go: not every pair exists. */
function wayProblems({ encapsulation, forwarding, vlanUplinks, bgp, nodes }: ContivSettings): Problem[] {
  const routed = forwarding === "routing" && encapsulation === "vlan";
  const names = nodes?.nodes.map(({ name }) => name);
  return [
    ...(encapsulation === "vxlan" && forwarding === "bridge"
      ? [
          {
            path: "forwarding",
            value: forwarding,
            rule: "Contiv does not bridge over VXLAN: netmaster refuses the two together",
            fix: "say forwarding routing, or encapsulation vlan",
          },
        ]
      : []),
    ...(encapsulation === "vlan" && vlanUplinks.length === 0
      ? [
          {
            path: "vlanUplinks",
            rule: "VLANs leave a node by a NIC of their own, and none is named",
            fix: "name it; not one that the node is reached by",
          },
        ]
      : []),
    ...(Object.keys(bgp).length > 0 && !routed
      ? [
          {
            path: "bgp",
            rule: `netplugin speaks BGP with forwarding routing over vlan, and these are ${forwarding} and ${encapsulation}`,
            fix: "leave bgp out",
          },
        ]
      : []),
    ...Object.keys(bgp)
      .filter((name) => names && !names.includes(name))
      .map((name) => ({
        path: `bgp.${name}`,
        rule: `there is no node ${name}`,
        fix: "name nodes as Kubernetes calls them",
      })),
  ];
}

/** Open vSwitch takes the uplink: with the NIC that SSH comes by the node is gone. The node itself looks again. */
function uplinkProblems({ vlanUplinks, nodes }: ContivSettings): Problem[] {
  return (nodes?.nodes ?? [])
    .filter(({ nic }) => nic !== undefined && vlanUplinks.includes(nic))
    .map(({ name, nic }) => ({
      path: "vlanUplinks",
      value: String(nic),
      rule: `${nic} is the NIC that ${name} is reached by: Open vSwitch would take it, and the node with it`,
      fix: "name another NIC",
    }));
}

function serviceProblems({ serviceCidr, store, netmaster, mode }: ContivSettings): Problem[] {
  if (mode !== "kubernetes") return [];
  const range = ofFamily(serviceCidr, "ipv4");
  if (!range)
    return [
      {
        path: "serviceCidr",
        value: serviceCidr.join(", "),
        rule: "Contiv's own services have IPv4 addresses",
        fix: "name the IPv4 range of services",
      },
    ];
  const given = [
    ...(store.type === "own" ? [{ path: "store.clusterIp", value: store.clusterIp }] : []),
    { path: "netmaster.clusterIp", value: netmaster.clusterIp },
  ];
  const outside = given.filter(({ value }) => !contains(String(range), value));
  const same = new Set(given.map(({ value }) => value)).size < given.length;
  return [
    ...outside.map(({ path, value }) => ({
      path,
      value,
      rule: `the address of a service lies in ${range}`,
      fix: "leave it out, or name a free address of that range",
    })),
    ...(same
      ? [
          {
            path: "netmaster.clusterIp",
            value: netmaster.clusterIp,
            rule: "etcd and netmaster have one address",
            fix: "give each its own",
          },
        ]
      : []),
  ];
}

function aciProblems({ aci, encapsulation, tenants }: ContivSettings): Problem[] {
  const users = Object.entries(tenants).filter(
    ([, one]) => Object.keys({ ...one.contracts, ...one.applications }).length > 0,
  );
  if (!aci)
    return users.map(([name]) => ({
      path: `tenants.${name}`,
      rule: "contracts and applications stand in ACI, and there is none",
      fix: "say aci, or leave them out",
    }));
  return [
    ...((aci.password === undefined) === (aci.certificate === undefined)
      ? [
          {
            path: "aci.password",
            rule: "the APIC knows the user by a password or by a certificate",
            fix: "give one of the two",
          },
        ]
      : []),
    ...(encapsulation === "vlan"
      ? []
      : [{ path: "encapsulation", value: encapsulation, rule: "ACI takes VLANs", fix: 'say encapsulation: "vlan"' }]),
  ];
}

/** What is likely to go wrong, and is the user's to judge; and that upstream is dead, once. */
export function settingsWarnings(settings: ContivSettings): string[] {
  const { mode, nodes, store, authProxy, infraNetwork, forwarding, encapsulation, bgp } = settings;
  const kubernetes = mode === "kubernetes";
  return [
    ...(nodes?.warnings ?? []),
    ...rangeWarnings(settings),
    mode === "vpp"
      ? "Contiv-VPP is legacy: its last release is of 2020, on VPP 19.08, and gets no fixes, also none for security; OVN-Kubernetes or Calico's VPP take its place"
      : "Contiv is legacy: its last commit is of 2019, with Open vSwitch 2.5, and gets no fixes, also none for security; move to another network",
    ...(hasNetmaster(settings)
      ? [
          ...(isKubernetes(settings)
            ? [
                "Contiv does nothing with a NetworkPolicy: whatever one closes stays open; say rules in tenants.TENANT.policies",
              ]
            : []),
          `netmaster answers everybody who reaches port 9999 of its node, without asking who it is${authProxy ? ", beside the proxy on 10000" : ""}: close it to all but the nodes`,
        ]
      : []),
    ...(kubernetes && store.type === "own" && store.node === undefined
      ? [
          "store.node is not said: where the control plane has several nodes, etcd may start again on one that has not its data",
        ]
      : []),
    ...(hasNetmaster(settings) && forwarding === "routing" && infraNetwork.subnet === "132.1.1.0/24"
      ? [
          "infraNetwork.subnet is upstream's 132.1.1.0/24, which is somebody's public range: nodes will not reach it there",
        ]
      : []),
    ...(hasNetmaster(settings) && forwarding === "routing" && encapsulation === "vlan" && Object.keys(bgp).length === 0
      ? ["forwarding routing over vlan without bgp: nobody outside of a node learns where its pods are"]
      : []),
    ...vppWarnings(settings),
  ];
}
