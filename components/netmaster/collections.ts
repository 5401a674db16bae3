/** What netmaster keeps, by the name of its collection, and what of it netmaster changes once it is made. */
export const collections = {
  globals: { title: "settings of the cluster", fixed: [] },
  tenants: { title: "tenant", fixed: "all" },
  networks: { title: "network", fixed: "all" },
  netprofiles: { title: "profile", fixed: [] },
  policys: { title: "policy", fixed: [] },
  rules: { title: "rule", fixed: "all" },
  extContractsGroups: { title: "group of contracts", fixed: "all" },
  endpointGroups: { title: "group", fixed: ["networkName", "ipPool", "cfgdTag"] },
  appProfiles: { title: "application", fixed: [] },
  serviceLBs: { title: "service", fixed: [] },
  Bgps: { title: "BGP neighbour", fixed: [] },
  aciGws: { title: "gateway to ACI", fixed: [] },
} as const satisfies Record<string, { title: string; fixed: "all" | readonly string[] }>;

export type Collection = keyof typeof collections;

/** Whether netmaster refuses such a change of an object, which must be deleted then and made again. */
export function isFixed(collection: Collection, before: Value, after: Value): boolean {
  const { fixed } = collections[collection];
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => JSON.stringify(before[name]) !== JSON.stringify(after[name]));
  return changed.some((name) => fixed === "all" || (fixed as readonly string[]).includes(name));
}

/** An object's fields, by netmaster's own names. */
export type Value = Record<string, string | number | string[]>;
