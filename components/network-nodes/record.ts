import type { Inventory } from "../inventory";

interface Recordable {
  nodes?: Inventory;
  routes?: unknown;
}

/**
 * The settings in force as plain data, with every default explicit. How nodes are reached is not among them: a new key
 * or SSH address changes no network. Of what makes routes there is only that it is there: the routes are resources.
 */
export function recorded({ nodes, routes, ...settings }: Recordable): Record<string, unknown> {
  const described = nodes?.nodes.map(({ name, addresses, segment, nic, mtu }) => [
    name,
    { addresses, segment, nic, mtu },
  ]);
  const whole = {
    ...settings,
    ...(routes !== undefined && { routes: true }),
    ...(described && { nodes: Object.fromEntries(described), segments: nodes?.segments }),
  };
  return JSON.parse(JSON.stringify(whole)) as Record<string, unknown>;
}
