import type { Facts } from "../facts";
import type { Step } from "../item";
import { attributesOf, rowOf } from "../ovsdb/tables";
import { commands } from "../ovsdb/write";
import { quote } from "../quote";
import { disk, type Kind, type Operation } from "./kind";

/**
 * Rows of Open vSwitch's database: bridges, their ports, and what watches and shapes them. The key is "table name". The
 * database outlives a reboot; that its devices are up, and what addresses they have, does not.
 */
export const openvswitch: Kind = {
  items: (state) =>
    state.openvswitch.map((row) => ({
      kind: "openvswitch",
      key: `${row.table} ${row.name}`,
      value: attributesOf(row),
      ...(row.table === "global" && { shared: true }),
    })),
  ask(_key, questions) {
    questions.openvswitch = true;
  },
  observe: (facts, key) => facts.openvswitch?.get(key) ?? null,
  render(step, { owner }) {
    const [table, name] = rowOf(step.key);
    const made = commands(step, owner);
    if (made.length === 0) return [];
    const line = made.map((words) => `-- ${words.map(quote).join(" ")}`).join(" ");
    if (endsTree(step)) return [disk(`Open vSwitch's bridge ${name}`, `ovs-vsctl --timeout=10 ${line}`)];
    return [
      { tool: "ovs-vsctl", line, label: `Open vSwitch's ${table} ${name}`, disk: true },
      ...(table === "qos" ? [forgetUnused(owner)] : []),
    ];
  },
  danger(step, facts) {
    const devices = devicesOf(step, facts);
    const carries = facts.addresses.find(({ device, scope }) => scope === "global" && devices.has(device));
    return carries && `${carries.address} of the node is on ${carries.device}`;
  },
};

/**
 * In a transaction of its own: a port that is added while a spanning tree ends gets no broadcasts from then on (seen in
 * 3.1: whether a port floods is worked out when it is added, and not again when the tree is gone).
 */
function endsTree({ key, from, to }: Step): boolean {
  const ends = (column: string) => from?.[column] === true && to !== null && to[column] === false;
  return key.startsWith("bridge ") && (ends("stp_enable") || ends("rstp_enable"));
}

/** QoS and Queue rows stay when nobody refers to them; those that somebody does, the database keeps. */
function forgetUnused(owner: string): Operation {
  const each = (record: string) =>
    `for row in $(ovs-vsctl --timeout=10 --bare --columns=_uuid find ${record} ${quote(`external_ids:podnet=${owner}`)}); do ovs-vsctl --timeout=10 --no-wait --if-exists destroy ${record} "$row" 2>/dev/null; done`;
  return disk("forget what shapes no port any more", `${each("QoS")}; ${each("Queue")}; true`);
}

/** Devices whose traffic a step touches: the NICs of a port, and the bridge that it is in. */
function devicesOf({ key, from, to }: Pick<Step, "key" | "from" | "to">, facts: Facts): Set<unknown> {
  const [table, name] = rowOf(key);
  const port = facts.openvswitch && [...facts.openvswitch].find(([at, { interfaces }]) => isIn(at, interfaces, name));
  const holders = [from, to, table === "interface" ? port?.[1] : undefined];
  const touched = holders.flatMap((value) => [value?.bridge, value?.interfaces].flat());
  // Who only looks on, or listens to who manages the database, stops no packet.
  return new Set(["netflow", "sflow", "ipfix", "manager", "ssl", "global"].includes(table) ? [] : [name, ...touched]);
}

function isIn(key: string, interfaces: unknown, name: string): boolean {
  return key.startsWith("port ") && Array.isArray(interfaces) && interfaces.includes(name);
}
