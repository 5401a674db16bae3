import type { z } from "zod";
import type { Problem } from "../../components/addresses/problem";
import { Inventory, type InventoryInput } from "../../components/inventory";
import { parse } from "../../components/parse";

/** What a network's folder says of its settings. */
interface Rooms<Schema extends z.ZodType, Settings> {
  /** The component's name, as errors begin with it. */
  type: string;
  schema: Schema;
  problems(name: string, parsed: z.output<Schema>): Problem[];
  complete(name: string, parsed: z.output<Schema>): Settings;
  warnings(settings: Settings): string[];
  /** What a test says only where it is about it. */
  usual?: object;
}

/** Reads settings as a test writes them, with the inventory in place, the way the component does. */
export function reader<Written extends { nodes?: InventoryInput }, Schema extends z.ZodType, Settings>(
  rooms: Rooms<Schema, Settings>,
  usualName = "pods",
) {
  const read = ({ nodes, ...rest }: Written, name = usualName): Settings => {
    const args = { ...rooms.usual, ...rest, ...(nodes !== undefined && { nodes: Inventory.of(nodes) }) };
    const rules = (parsed: z.output<Schema>) => rooms.problems(name, parsed);
    return rooms.complete(name, parse(`${rooms.type} "${name}"`, rooms.schema, args, rules));
  };
  return {
    read,
    /** The message that settings are refused with. */
    refusal(written: Written, name?: string): string {
      try {
        read(written, name);
      } catch (error) {
        return (error as Error).message;
      }
      throw new Error("the settings were taken");
    },
    warnings: (written: Written): string[] => rooms.warnings(read(written)),
  };
}

/** Three nodes, two in segment a and one in b, as in the lab. */
export const twoSegments: InventoryInput = {
  segments: {
    a: { subnets: ["198.18.0.0/22", "fd98:0:a::/64"], routers: ["198.18.0.1", "fd98:0:a::1"] },
    b: { subnets: ["198.18.4.0/22", "fd98:0:b::/64"], routers: ["198.18.4.1", "fd98:0:b::1"] },
  },
  nodes: {
    node1: { connection: { host: "198.18.0.11" }, addresses: ["198.18.0.11", "fd98:0:a::11"] },
    node2: { connection: { host: "198.18.0.12" }, addresses: ["198.18.0.12", "fd98:0:a::12"] },
    node3: { connection: { host: "198.18.4.11" }, addresses: ["198.18.4.11", "fd98:0:b::11"] },
  },
};
