import { type Claims, clusterNetwork } from "../network-nodes/beside";
import { type ContivSettings, hasNetmaster, isKubernetes } from "./complete";

/** What this network takes that another may not have. */
export function claims(settings: ContivSettings): Claims {
  const { name, nodes, podCidr, tenants, infraNetwork, forwarding, vlanUplinks } = settings;
  // A tenant's own addresses may be another's too, but for "default", which the nodes route to.
  const networks = Object.entries(tenants.default?.networks ?? {});
  const netplugin = hasNetmaster(settings);
  return {
    name,
    ...(nodes && { nodes }),
    ranges: [
      ...podCidr.map((cidr) => ({ name: "podCidr", cidr })),
      ...(netplugin && forwarding === "routing" ? [{ name: "infraNetwork.subnet", cidr: infraNetwork.subnet }] : []),
      ...networks
        .filter(([, { subnet }]) => !subnet.includes("-"))
        .map(([network, { subnet }]) => ({ name: `tenants.default.networks.${network}`, cidr: subnet })),
    ],
    things: [
      { path: "name", thing: `the name ${name}` },
      ...(isKubernetes(settings) ? [clusterNetwork] : []),
      { thing: netplugin ? "the bridge contivVxlanBridge" : "the switch VPP" },
      ...(netplugin ? [openvswitch] : []),
      ...vlanUplinks.map((nic) => ({ path: "vlanUplinks", thing: `the NIC ${nic}` })),
    ],
  };
}

/** Two of them would change one datapath. */
const openvswitch = { thing: "Open vSwitch of the node" };
