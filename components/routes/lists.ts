import { Cidr, type Family } from "../addresses/cidr";
import type { Routes } from "./plan";

/** The destinations of one family that one node takes. */
export interface DestinationList {
  node: string;
  family: Family;
  destinations: string[];
}

/** Routes as lists, by their name: "node1-ipv4". */
export function lists(routes: Routes): Map<string, DestinationList> {
  const found = new Map<string, DestinationList>();
  for (const [to, node] of Object.entries(routes)) {
    const { family } = Cidr.parse(to);
    const name = `${node}-${family}`;
    const list = found.get(name) ?? { node, family, destinations: [] };
    list.destinations.push(to);
    found.set(name, list);
  }
  return found;
}
