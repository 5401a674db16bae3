import type { Facts } from "../facts";
import type { Item } from "../item";
import { identity } from "../item";
import { rowOf } from "./tables";

/** Why Open vSwitch on this node cannot become as it is wanted: found before anything is done. */
export function openvswitchProblems(items: readonly Item[], facts: Facts, owned: ReadonlyMap<string, Item>): string[] {
  const wanted = items.filter(({ kind }) => kind === "openvswitch");
  if (wanted.length === 0 || !facts.tools.has("ovs-vsctl")) return [];
  if (!facts.openvswitch)
    return [
      "Open vSwitch's database does not answer as one of 2.16 or newer does: see `systemctl status openvswitch-switch` and `ovs-vsctl show` on the node",
    ];
  return [...takenInterfaces(wanted, facts.openvswitch, owned), ...missingDevices(wanted, items, facts)];
}

/** An interface is in one port only; a port of somebody else would have to give it up. */
function takenInterfaces(
  wanted: readonly Item[],
  found: NonNullable<Facts["openvswitch"]>,
  owned: ReadonlyMap<string, Item>,
): string[] {
  const ports = [...found].filter(([key]) => key.startsWith("port "));
  return wanted.flatMap(({ key, value }) =>
    listOf(value?.interfaces).flatMap((name) =>
      ports
        .filter(([other, { interfaces }]) => other !== key && listOf(interfaces).includes(name))
        .filter(([other]) => !owned.has(identity({ kind: "openvswitch", key: other })))
        .map(
          ([other, { bridge }]) =>
            `${name} is in the ${other} of the Open vSwitch bridge ${bridge}, which is not podnet's: take it out there (ovs-vsctl del-port ${bridge} ${rowOf(other)[1]})`,
        ),
    ),
  );
}

/** A port of a device that is not there forwards nothing, and Open vSwitch only writes that into its log. */
function missingDevices(wanted: readonly Item[], items: readonly Item[], facts: Facts): string[] {
  const made = new Set(items.filter(({ kind, value }) => kind === "link" && value?.type).map(({ key }) => key));
  const typed = wanted.filter(({ key, value }) => key.startsWith("interface ") && value?.type === null);
  const bonded = wanted.flatMap(({ value }) => listOf(value?.interfaces));
  const names = typed.map(({ key }) => rowOf(key)[1]).filter((name) => bonded.includes(name));
  const there = [...facts.links.keys()].filter((name) => name !== "lo").join(", ");
  return names
    .filter((name) => !facts.links.has(name) && !made.has(name))
    .map((name) => `there is no device ${name} for Open vSwitch; the node has ${there}`);
}

function listOf(value: unknown): string[] {
  return Array.isArray(value) ? (value as string[]) : [];
}
