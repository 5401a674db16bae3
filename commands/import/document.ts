import { parsePlanId, planId } from "../../components/addresses/import-id";
import type { Subnets } from "../../components/addresses/plan";
import { subnetsIn } from "../../components/bridge/conflist";
import type { Manifest } from "../../components/node/manifest";

/** A network's part of one node, found on it. */
export interface Found {
  /** The node's name in the inventory. */
  node: string;
  /** What NodeState is imported by. */
  id: string;
  state: Manifest["state"];
}

/** What `pulumi import --file` takes. */
export interface ImportDocument {
  resources: { type: string; name: string; logicalName?: string; id?: string; parent?: string; component?: boolean }[];
}

/**
 * The resources that keep what only the nodes still know: their parts of the network, and which subnets they have. The
 * rest is made again by the next `pulumi up`, and touches no node.
 *
 * @param type the network's component, such as "BridgeNetwork"
 */
export function importDocument(network: string, type: string, found: readonly Found[]): ImportDocument {
  const nodes = found.map(({ node, id }) => ({
    type: "podnet:index:NodeState",
    name: `${network}-${node}`,
    id,
    parent: network,
  }));
  const subnets = Object.fromEntries(found.map(({ node, state }) => [node, subnetsOf(state)]));
  const plan = {
    type: "podnet:index:AddressPlan",
    // Names are those of the list; the component has the network's already.
    name: `${network}-addresses`,
    logicalName: network,
    id: planId(subnets),
    parent: network,
  };
  return {
    resources: [
      { type: `podnet:index:${type}`, name: network, component: true },
      ...(isPlan(subnets) ? [plan] : []),
      ...nodes,
    ],
  };
}

/** No plan gave out what the user wrote down as ranges, or what a DHCP server gives. */
function isPlan(subnets: Subnets): boolean {
  try {
    return Object.keys(parsePlanId(planId(subnets)).subnets).length > 0;
  } catch {
    return false;
  }
}

function subnetsOf({ files }: Manifest["state"]): string[] {
  return files.filter(({ path }) => path.endsWith(".conflist")).flatMap(({ content }) => subnetsIn(content));
}
