import { z } from "zod";
import type { Attribute, Attributes } from "../item";
import { deviceName, text as words } from "../words";
import { type Column, count, flag, key, lines, map, number, numbers, text, texts, word } from "./columns";

/** Columns that podnet manages, by its word for the table; of others' columns (external_ids, status) it touches none. */
export const columns = {
  bridge: {
    datapath_type: word,
    protocols: texts,
    fail_mode: text,
    stp_enable: flag,
    rstp_enable: flag,
    mcast_snooping_enable: flag,
    other_config: map,
  },
  port: {
    tag: number,
    trunks: numbers,
    cvlans: numbers,
    vlan_mode: text,
    bond_mode: text,
    bond_updelay: count,
    bond_downdelay: count,
    lacp: text,
    protected: flag,
    other_config: map,
  },
  interface: {
    type: word,
    options: map,
    mtu_request: number,
    ofport_request: number,
    ingress_policing_rate: count,
    ingress_policing_burst: count,
    ingress_policing_kpkts_rate: count,
    ingress_policing_kpkts_burst: count,
    cfm_mpid: number,
    bfd: map,
    other_config: map,
  },
  qos: { type: word, other_config: map },
  netflow: {
    targets: texts,
    active_timeout: count,
    add_id_to_interface: flag,
    engine_id: number,
    engine_type: number,
  },
  sflow: { targets: texts, agent: text, header: number, polling: number, sampling: number },
  ipfix: {
    targets: texts,
    sampling: number,
    obs_domain_id: number,
    obs_point_id: number,
    cache_active_timeout: number,
    cache_max_flows: number,
    other_config: map,
  },
  controller: { connection_mode: text, inactivity_probe: number, max_backoff: number },
  mirror: { select_all: flag, select_vlan: numbers, output_vlan: number, snaplen: number },
  manager: { connection_mode: text, inactivity_probe: number, max_backoff: number },
  ssl: { private_key: word, certificate: word, ca_cert: word, bootstrap_ca_cert: flag },
  global: { value: text },
} as const satisfies Record<string, Record<string, Column>>;

export type Table = keyof typeof columns;
/** In the order of work: a bridge before its ports, and ports before what refers to them. */
export const tableNames = Object.keys(columns) as Table[];

type Schemas<Columns extends Record<string, Column>> = { [Name in keyof Columns]: Columns[Name]["schema"] };

function schemasOf<Name extends Table>(table: Name): Schemas<(typeof columns)[Name]> {
  const found = Object.entries(columns[table]).map(([name, { schema }]) => [name, schema]);
  return Object.fromEntries(found) as Schemas<(typeof columns)[Name]>;
}

const row = <Name extends Table>(table: Name) => ({ table: z.literal(table), ...schemasOf(table) });
const target = words.regex(/^p?(tcp|ssl|unix):[\w.:[\]/-]+$/, 'a target such as "ssl:192.0.2.1:6653"');

/** Queues are lines of such words between blanks. */
const oneWord = words.regex(/^[^\s\p{Cc}]+$/u, "one word, without blanks and control characters");

/** A row of Open vSwitch's database that a node should have, in the database's own words (ovs-vswitchd.conf.db(5)). */
export const ovsRow = z.discriminatedUnion("table", [
  z.strictObject({
    name: deviceName,
    /** Has the hardware address of this NIC, which moves into the bridge. */
    macFrom: deviceName.optional(),
    ...row("bridge"),
  }),
  z.strictObject({
    name: deviceName,
    bridge: deviceName,
    /** Two and more are a bond. @default the one that is called like the port */
    interfaces: z.array(deviceName).min(2).optional(),
    ...row("port"),
  }),
  z.strictObject({ name: deviceName, ...row("interface") }),
  z.strictObject({
    /** The port that it shapes. */
    name: deviceName,
    queues: z.record(z.string().regex(/^\d{1,5}$/, "a queue's number"), z.record(key, oneWord)).default({}),
    ...row("qos"),
  }),
  z.strictObject({ name: deviceName, ...row("netflow") }),
  z.strictObject({ name: deviceName, ...row("sflow") }),
  z.strictObject({ name: deviceName, ...row("ipfix") }),
  z.strictObject({ name: deviceName, targets: z.array(target).min(1), ...row("controller") }),
  z.strictObject({
    name: z
      .string()
      .regex(
        /^[A-Za-z_][\w-]{0,63}$/,
        "a mirror's name begins with a letter and has letters, digits, dashes and underscores",
      ),
    bridge: deviceName,
    select_src_port: z.array(deviceName).default([]),
    select_dst_port: z.array(deviceName).default([]),
    output_port: deviceName.optional(),
    ...row("mirror"),
  }),
  z.strictObject({ name: target, ...row("manager") }),
  z.strictObject({ name: z.literal("."), ...row("ssl") }),
  z.strictObject({
    name: z.string().regex(/^(external_ids|other_config):[\w.-]{1,64}$/, "external_ids:KEY or other_config:KEY"),
    ...row("global"),
  }),
]);
export type OvsRow = z.output<typeof ovsRow>;

/** What a row refers to, and what stands in rows of its own but is one thing with it. */
const related: Partial<Record<Table, Record<string, (row: never) => Attribute>>> = {
  port: {
    bridge: (row: { bridge: string }) => row.bridge,
    interfaces: (row: { name: string; interfaces?: string[] }) => [...(row.interfaces ?? [row.name])].sort(),
  },
  qos: { queues: (row: { queues: Record<string, Record<string, string>> }) => queueLines(row.queues) },
  controller: { targets: (row: { targets: string[] }) => [...row.targets].sort() },
  mirror: {
    bridge: (row: { bridge: string }) => row.bridge,
    select_src_port: (row: { select_src_port: string[] }) => [...row.select_src_port].sort(),
    select_dst_port: (row: { select_dst_port: string[] }) => [...row.select_dst_port].sort(),
    output_port: (row: { output_port?: string }) => row.output_port ?? null,
  },
};

/** "0 max-rate=1000000 priority=1": a queue's number and what it is told. */
export function queueLines(queues: Readonly<Record<string, Readonly<Record<string, string>>>>): string[] {
  return Object.entries(queues)
    .map(([number, told]) => [number, ...lines(told)].join(" "))
    .sort();
}

/** A row as attributes: every column that podnet manages, said or not. */
export function attributesOf(wanted: OvsRow): Attributes {
  const own = Object.entries(columns[wanted.table] as Record<string, Column>).map(([name, column]) => [
    name,
    column.attribute((wanted as Record<string, unknown>)[name]),
  ]);
  const others = Object.entries(related[wanted.table] ?? {}).map(([name, read]) => [name, read(wanted as never)]);
  return Object.fromEntries([...own, ...others]) as Attributes;
}

/** Whether a text is the key of a row: its table and its name. */
export function isRowKey(key: string): boolean {
  const [table, name] = rowOf(key);
  const found = ovsRow.options.find(({ shape }) => shape.table.value === table);
  return found?.shape.name.safeParse(name).success ?? false;
}

/** "port eth1" as the table and the name. */
export function rowOf(key: string): [table: Table, name: string] {
  const at = key.indexOf(" ");
  return [key.slice(0, at) as Table, key.slice(at + 1)];
}
