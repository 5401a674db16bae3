import { type Attributes, type Step, same } from "../item";
import { sha256 } from "../kinds/file";
import { type Column, pairOf } from "./columns";
import { columns, rowOf, type Table } from "./tables";

/** One command of a transaction: its options, its name and its words. */
export type Command = string[];

/**
 * The commands that bring one row from what it is to what it should be. Run together in one transaction, they are made
 * all or not at all.
 */
export function commands({ key, from, to }: Pick<Step, "key" | "from" | "to">, owner: string): Command[] {
  const [table, name] = rowOf(key);
  return writers[table]({ table, name, from, to, mark: `external_ids:podnet=${owner}` });
}

interface Change {
  table: Table;
  name: string;
  from: Attributes | null;
  to: Attributes | null;
  /** Shows whose a row is to whoever looks into the database. */
  mark: string;
}

const list = (value: unknown) => (value ?? []) as string[];

/** "column=value" of every column that changes. */
function assignments({ table, from, to }: Pick<Change, "table" | "from" | "to">): string[] {
  return Object.entries(columns[table] as Record<string, Column>)
    .filter(([name]) => to !== null && name in to && (from === null || !same(from[name], to[name] ?? null)))
    .map(([name, column]) => `${name}=${column.write(to?.[name] ?? null)}`);
}

function set(record: string, name: string, words: string[]): Command[] {
  return words.length > 0 ? [["set", record, name, ...words]] : [];
}

/** A name for a row inside of a transaction, which many rows may share. */
function symbol(...parts: string[]): string {
  return `@x${sha256(parts.join(" ")).slice(0, 10)}`;
}

const get = (table: string, name: string): [id: string, command: Command] => {
  const id = symbol(table, name);
  return [id, [`--id=${id}`, "get", table, name]];
};

/** A row that is another one's alone: made anew, and the old one goes with its last reference. */
function owned(record: string, holder: string, column: string) {
  return (change: Change): Command[] => {
    const { table, name, to, mark } = change;
    if (!to) return [["--if-exists", "clear", holder, name, column]];
    const id = symbol(table, name);
    const words = assignments({ ...change, from: null });
    const marked = table === "ssl" ? words : [mark, ...words];
    return [
      [`--id=${id}`, "create", record, ...marked],
      ["set", holder, name, `${column}=${id}`],
    ];
  };
}

const writers: Record<Table, (change: Change) => Command[]> = {
  bridge(change) {
    const { name, from, to, mark } = change;
    if (!to) return [["--if-exists", "del-br", name]];
    const made = from === null;
    return [
      ...(made ? [["--may-exist", "add-br", name]] : []),
      ...set("Bridge", name, [...(made ? [mark] : []), ...assignments(change)]),
    ];
  },
  port(change) {
    const { name, from, to, mark } = change;
    // A bridge's own port comes and goes with it.
    if (!to) return from?.bridge === name ? [] : [["--if-exists", "del-port", name]];
    const words = assignments(change);
    if (from !== null) return [...moved(change, "Port", "ports"), ...bondChanges(change), ...set("Port", name, words)];
    const interfaces = list(to.interfaces);
    const verb = interfaces.length > 1 ? ["add-bond"] : ["add-port"];
    const made = ["--may-exist", ...verb, String(to.bridge), name, ...(interfaces.length > 1 ? interfaces : [])];
    return [...(to.bridge === name ? [] : [made]), ...set("Port", name, [mark, ...words])];
  },
  interface: (change) => (change.to ? set("Interface", change.name, assignments(change)) : []),
  qos(change) {
    const { name, to, mark } = change;
    if (!to) return [["--if-exists", "clear", "Port", name, "qos"]];
    const queues = list(to.queues).map((queue) => {
      const [number = "", ...told] = queue.split(" ");
      const id = symbol("queue", name, number);
      return { create: [`--id=${id}`, "create", "Queue", mark, ...toldTo(told)], reference: `queues:${number}=${id}` };
    });
    const id = symbol("qos", name);
    const words = [...assignments({ ...change, from: null }), ...queues.map(({ reference }) => reference)];
    return [
      ...queues.map(({ create }) => create),
      [`--id=${id}`, "create", "QoS", mark, ...words],
      ["set", "Port", name, `qos=${id}`],
    ];
  },
  netflow: owned("NetFlow", "Bridge", "netflow"),
  sflow: owned("sFlow", "Bridge", "sflow"),
  ipfix: owned("IPFIX", "Bridge", "ipfix"),
  ssl: owned("SSL", "Open_vSwitch", "ssl"),
  controller(change) {
    const { name, to, mark } = change;
    if (!to) return [["--if-exists", "clear", "Bridge", name, "controller"]];
    const words = assignments({ ...change, from: null });
    const rows = list(to.targets).map((target) => ({ id: symbol("controller", name, target), target }));
    return [
      ...rows.map(({ id, target }) => [
        `--id=${id}`,
        "create",
        "Controller",
        mark,
        `target=${JSON.stringify(target)}`,
        ...words,
      ]),
      ["set", "Bridge", name, `controller=${rows.map(({ id }) => id).join(",")}`],
    ];
  },
  mirror(change) {
    const { name, from, to, mark } = change;
    const [id, found] = get("Mirror", name);
    if (!to) return [found, ["remove", "Bridge", String(from?.bridge), "mirrors", id]];
    const { gets, words } = portReferences(change);
    if (from !== null)
      return [
        ...moved(change, "Mirror", "mirrors"),
        ...gets,
        ...set("Mirror", name, [...assignments(change), ...words]),
      ];
    return [
      ...gets,
      [`--id=${id}`, "create", "Mirror", `name=${name}`, mark, ...assignments(change), ...words],
      ["add", "Bridge", String(to.bridge), "mirrors", id],
    ];
  },
  manager(change) {
    const { name, from, to, mark } = change;
    const [id, found] = get("Manager", name);
    if (!to) return [found, ["remove", "Open_vSwitch", ".", "manager_options", id]];
    if (from !== null) return set("Manager", name, assignments(change));
    return [
      [`--id=${id}`, "create", "Manager", `target=${JSON.stringify(name)}`, mark, ...assignments(change)],
      ["add", "Open_vSwitch", ".", "manager_options", id],
    ];
  },
  global({ name, to }) {
    const [column = "", key = ""] = name.split(":");
    if (!to) return [["--if-exists", "remove", "Open_vSwitch", ".", column, key]];
    return [["set", "Open_vSwitch", ".", `${column}:${key}=${JSON.stringify(String(to.value))}`]];
  },
};

/** The row itself goes from one bridge to the other, with all that it and what hangs on it are. */
function moved({ name, from, to }: Change, record: string, column: string): Command[] {
  if (!from?.bridge || from.bridge === to?.bridge) return [];
  const [id, found] = get(record, name);
  return [
    found,
    ["remove", "Bridge", String(from.bridge), column, id],
    ["add", "Bridge", String(to?.bridge), column, id],
  ];
}

function bondChanges({ name, from, to }: Change): Command[] {
  const [before, after] = [list(from?.interfaces), list(to?.interfaces)];
  return [
    ...after.filter((one) => !before.includes(one)).map((one) => ["--may-exist", "add-bond-iface", name, one]),
    ...before.filter((one) => !after.includes(one)).map((one) => ["--if-exists", "del-bond-iface", name, one]),
  ];
}

function toldTo(told: string[]): string[] {
  return told.map((entry) => {
    const [key, value] = pairOf(entry);
    return `other_config:${key}=${JSON.stringify(value)}`;
  });
}

function portReferences({ from, to }: Change): { gets: Command[]; words: string[] } {
  const names = ["select_src_port", "select_dst_port", "output_port"].filter(
    (column) => from === null || !same(from[column], to?.[column] ?? null),
  );
  const portsOf = (column: string) => [to?.[column] ?? []].flat().map(String);
  const ports = [...new Set(names.flatMap(portsOf))];
  return {
    gets: ports.map((port) => get("Port", port)[1]),
    words: names.map((column) => {
      const ids = portsOf(column).map((port) => get("Port", port)[0]);
      return `${column}=${ids.length > 0 ? ids.join(",") : "[]"}`;
    }),
  };
}
