import { z } from "zod";
import { formed, lines } from "../formed";
import type { Attributes } from "../item";
import { type Column, type Datum, datum, entries, members, pairOf } from "./columns";
import { columns, queueLines, type Table } from "./tables";

/** What is read of each table, in this order, besides the columns that are managed. */
const listed = [
  ["Bridge", "bridge", "_uuid,name,ports,mirrors,netflow,sflow,ipfix,controller"],
  ["Port", "port", "_uuid,name,interfaces,qos"],
  ["Interface", "interface", "_uuid,name"],
  ["QoS", "qos", "_uuid,queues"],
  ["Queue", undefined, "_uuid,other_config"],
  ["Mirror", "mirror", "_uuid,name,select_src_port,select_dst_port,output_port"],
  ["NetFlow", "netflow", "_uuid"],
  ["sFlow", "sflow", "_uuid"],
  ["IPFIX", "ipfix", "_uuid"],
  ["Controller", "controller", "_uuid,target"],
  ["Manager", "manager", "_uuid,target"],
  ["SSL", "ssl", "_uuid"],
  ["Open_vSwitch", undefined, "external_ids,other_config"],
] as const;

/** The command that prints all of it, a line of JSON a table; it changes nothing, and does not wait for ever. */
export const listCommand = [
  "ovs-vsctl --timeout=10 --format=json",
  listed
    .map(([record, table, also]) => {
      const own = table ? Object.keys(columns[table]) : [];
      return `--columns=${[also, ...own].join(",")} list ${record}`;
    })
    .join(" -- "),
].join(" ");

type Row = Record<string, Datum>;
const printed = z.object({ headings: z.array(z.string()), data: z.array(z.array(datum)) });

/** Every row that podnet knows how to manage, by "table name"; undefined where the database did not answer. */
export function ovsRows(text: string | undefined): Map<string, Attributes> | undefined {
  const answers = lines(text);
  if (answers.length !== listed.length) return undefined;
  const found = Object.fromEntries(
    answers.map((answer, index) => {
      const { headings, data } = formed("openvswitch", printed, () => JSON.parse(answer));
      const rows = data.map((cells): Row => Object.fromEntries(headings.map((name, at) => [name, cells[at] as Datum])));
      return [listed[index]?.[0] ?? "", rows];
    }),
  ) as Record<(typeof listed)[number][0], Row[]>;
  return new Map([...bridgeRows(found), ...portRows(found), ...otherRows(found)]);
}

type Found = Record<(typeof listed)[number][0], Row[]>;
type Entry = [key: string, value: Attributes];

function bridgeRows(found: Found): Entry[] {
  const bodies = [
    ["netflow", found.NetFlow],
    ["sflow", found.sFlow],
    ["ipfix", found.IPFIX],
  ] as const;
  return found.Bridge.flatMap((bridge): Entry[] => {
    const name = textOf(bridge.name);
    const samples = bodies.flatMap(([table, rows]) =>
      referred(rows, bridge[table]).map((one): Entry => [`${table} ${name}`, managed(table, one)]),
    );
    const controllers = referred(found.Controller, bridge.controller);
    const [controller] = controllers;
    const targets = controllers.map(({ target }) => textOf(target)).sort();
    return [
      [`bridge ${name}`, managed("bridge", bridge)],
      ...samples,
      ...(controller
        ? [[`controller ${name}`, { ...managed("controller", controller), targets }] satisfies Entry]
        : []),
      ...referred(found.Mirror, bridge.mirrors).map(
        (one): Entry => [
          `mirror ${textOf(one.name)}`,
          { ...managed("mirror", one), bridge: name, ...mirrored(one, found.Port) },
        ],
      ),
    ];
  });
}

function mirrored(mirror: Row, ports: Row[]): Attributes {
  const names = (column: string) =>
    referred(ports, mirror[column])
      .map(({ name }) => textOf(name))
      .sort();
  return {
    select_src_port: names("select_src_port"),
    select_dst_port: names("select_dst_port"),
    output_port: names("output_port")[0] ?? null,
  };
}

function portRows(found: Found): Entry[] {
  const holders = new Map(
    found.Bridge.flatMap(({ name, ports }) => members(ports as Datum).map((id) => [id, textOf(name)] as const)),
  );
  return found.Port.flatMap((port): Entry[] => {
    const name = textOf(port.name);
    const interfaces = referred(found.Interface, port.interfaces);
    const bridge = holders.get(textOf(port._uuid)) ?? null;
    return [
      [
        `port ${name}`,
        { ...managed("port", port), bridge, interfaces: interfaces.map((one) => textOf(one.name)).sort() },
      ],
      ...interfaces.map((one): Entry => [`interface ${textOf(one.name)}`, managed("interface", one)]),
      ...referred(found.QoS, port.qos).map(
        (one): Entry => [`qos ${name}`, { ...managed("qos", one), queues: queuesOf(one, found.Queue) }],
      ),
    ];
  });
}

function queuesOf({ queues }: Row, rows: Row[]): string[] {
  const told = entries(queues as Datum).map((entry) => {
    const [number, id] = pairOf(entry);
    const [queue] = rows.filter(({ _uuid }) => textOf(_uuid) === id);
    return [number, Object.fromEntries(entries(queue?.other_config as Datum).map(pairOf))];
  });
  return queueLines(Object.fromEntries(told));
}

function otherRows(found: Found): Entry[] {
  const [root] = found.Open_vSwitch;
  const globals = (["external_ids", "other_config"] as const).flatMap((column) =>
    entries(root?.[column] as Datum).map((entry): Entry => {
      const [key, value] = pairOf(entry);
      return [`global ${column}:${key}`, { value }];
    }),
  );
  return [
    ...found.Manager.map((one): Entry => [`manager ${textOf(one.target)}`, managed("manager", one)]),
    ...found.SSL.map((one): Entry => ["ssl .", managed("ssl", one)]),
    ...globals,
  ];
}

function managed(table: Table, row: Row): Attributes {
  const own = Object.entries(columns[table] as Record<string, Column>);
  return Object.fromEntries(own.map(([name, column]) => [name, column.read(row[name] as Datum)]));
}

function referred(rows: Row[], ids: Datum | undefined): Row[] {
  const wanted = new Set(members(ids ?? ["set", []]));
  return rows.filter(({ _uuid }) => wanted.has(textOf(_uuid)));
}

function textOf(found: Datum | undefined): string {
  return members(found ?? ["set", []])[0] ?? "";
}
