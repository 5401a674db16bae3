import type { Subnets } from "../addresses/plan";
import { hosts as bridgeHosts } from "../bridge/host";
import { planRoutes, routesOf } from "../bridge/routes";
import type { InventoryNode } from "../inventory";
import { openedPorts } from "../network-nodes/firewall";
import { bootFiles, foldersOf, hostManagerFiles } from "../network-nodes/host-files";
import type { NodeStateInput } from "../node/state";
import { bridgeOf } from "./bridge";
import { cleaning } from "./clean";
import { isPlanned, portsOf, type RomanaSettings, type WithNodes } from "./complete";
import { files } from "./names";
import { vipsOf } from "./vips";

type Routes = NonNullable<NodeStateInput["routes"]>;

/**
 * What the network wants of each node, by node.
 *
 * @param subnets podnet's plan; empty where Romana divides the range by itself
 */
export function hosts(settings: RomanaSettings, subnets: Subnets): Record<string, NodeStateInput> {
  if (!settings.nodes) return {};
  if (settings.attach === "cni") return attached(settings as WithNodes, subnets);
  const planned = settings.routing.type === "nodes" && isPlanned(settings);
  const plan = planned ? planRoutes(bridgeOf(settings), subnets) : {};
  const states = settings.nodes.nodes.map((node) => {
    const routes = planned ? routesOf(plan, node.segment, subnets[node.name] ?? [], node.nic) : [];
    return [node.name, host(settings as WithNodes, node, routes)] as const;
  });
  return Object.fromEntries(states);
}

/** The whole of it: each node's subnet behind a bridge, and routes to the others'. */
function attached(settings: WithNodes, subnets: Subnets): Record<string, NodeStateInput> {
  const states = bridgeHosts(bridgeOf(settings), subnets);
  return Object.fromEntries(
    settings.nodes.nodes.map((node) => {
      const state = states[node.name] as NodeStateInput;
      return [node.name, { ...state, addresses: [...(state.addresses ?? []), ...vipsOf(settings, node)] }];
    }),
  );
}

/** What Romana's agent needs of a node, the routes where podnet makes them, and what takes away what it leaves. */
function host(settings: WithNodes, node: InventoryNode, routes: Routes): NodeStateInput {
  const { name, policies, openPorts, networkManager, nodes } = settings;
  const modules = policies ? ["ip_set", "xt_set"] : [];
  const sysctls = {
    "net.ipv4.ip_forward": "1",
    "net.ipv4.conf.default.proxy_arp": "1",
    "net.ipv4.conf.all.proxy_arp": "1",
  };
  const clean = cleaning(settings);
  const own = [
    // A file that says nothing is noise.
    ...bootFiles(name, modules, sysctls).filter(({ content }) => content.trim() !== ""),
    ...hostManagerFiles(name, ["romana-gw", "romana-lo", "romana-*"], { networkManager, networkd: false }),
    clean.file,
  ];
  const byRomana = [files.romana, "/opt/cni/bin/romana", "/usr/local/bin/romana"];
  const folders = [...own.map(({ path }) => path), ...byRomana].flatMap(foldersOf);
  return {
    modules,
    sysctls,
    directories: [...new Set(folders)].map((path) => ({ path })),
    files: own,
    addresses: vipsOf(settings, node),
    routes,
    iptables: openPorts ? openedPorts(portsOf(settings), ["ipv4"], node, nodes) : [],
    units: [clean.unit],
  };
}
