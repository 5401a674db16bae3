import { z } from "zod";
import { type Item, type KindName, kindNames } from "./item";
import { isRowKey } from "./ovsdb/tables";
import * as words from "./words";

const numbered = (text: string | undefined) => /^\d{1,10}$/.test(text ?? "");
const fits = (schema: z.ZodType, value: unknown) => schema.safeParse(value).success;

/** What a key of each kind may be: it becomes a part of scripts. */
const keys: Record<KindName, (key: string) => boolean> = {
  module: (key) => fits(words.moduleName, key),
  directory: (key) => fits(words.absolutePath, key),
  artifact: (key) => fits(words.absolutePath, key),
  file: (key) => fits(words.absolutePath, key),
  openvswitch: isRowKey,
  link: (key) => fits(words.deviceName, key),
  sysctl: (key) => fits(words.sysctlName, key),
  unit: (key) => fits(words.unitName, key),
  address(key) {
    const [device, address, ...rest] = key.split(" ");
    return rest.length === 0 && fits(words.deviceName, device) && fits(words.cidr, address);
  },
  route(key) {
    const [to, , table, , metric] = key.split(" ");
    return (
      fits(words.cidr, to) && numbered(table) && numbered(metric) && key === `${to} table ${table} metric ${metric}`
    );
  },
  rule: (key) => /^ipv[46] \d{1,5}$/.test(key),
  nftables(key) {
    const [family, table, ...rest] = key.split(" ");
    return rest.length === 0 && fits(words.nftFamily, family) && fits(words.nftTable, table);
  },
  iptables(key) {
    const rule = z.tuple([z.enum(["ipv4", "ipv6"]), words.nftTable, words.nftTable], z.string());
    try {
      return fits(rule, JSON.parse(key));
    } catch {
      return false;
    }
  },
};

const address = words.ipAddress.nullable();
const value = z.strictObject({
  // files and directories
  type: words.word,
  sha256: words.sha256.nullable(),
  mode: words.octalMode,
  uid: z.int().min(0),
  gid: z.int().min(0),
  // links
  mac: words.word,
  mtu: z.int().min(0),
  up: z.boolean(),
  master: words.deviceName.nullable(),
  stp: z.boolean(),
  forwardDelay: z.int().min(0),
  vni: z.int().min(0),
  port: z.int().min(0),
  local: z.union([words.ipAddress, z.literal("")]),
  learning: z.boolean(),
  // the other end of a veth pair, or of an address
  peer: z.union([words.deviceName, words.ipAddress]).nullable(),
  peers: z.array(words.ipAddress),
  // addresses, routes and rules
  scope: words.word.nullable(),
  broadcast: address,
  via: address,
  device: words.deviceName.nullable(),
  protocol: words.word,
  source: address,
  onlink: z.boolean(),
  unsupported: z.array(words.word),
  from: words.cidr.nullable(),
  to: words.cidr.nullable(),
  fwmark: words.fwmark.nullable(),
  table: z.int().min(0),
  // the others
  value: z.string().regex(/^[^\n\0]*$/, "one line"),
  ruleset: z.string(),
  enabled: z.boolean(),
  active: z.boolean(),
  purge: z.boolean(),
});

const line = z.string().regex(/^[^\p{Cc}]*$/u, "one line, without control characters");
/** The columns of a row of Open vSwitch's database; those that podnet does not know are never written. */
const row = z.record(
  z.string().regex(/^[a-z_]{1,40}$/),
  z.union([line, z.int(), z.boolean(), z.null(), z.array(line)]),
);

const common = {
  key: z.string().max(10_000),
  shared: z.boolean().optional(),
  movedWith: words.deviceName.optional(),
  purge: z.boolean().optional(),
};

/** An item as a node remembers it. Whatever a node answers, it is one of podnet's kinds, in podnet's words. */
export const item = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("openvswitch"), value: row.nullable(), ...common }),
    z.strictObject({
      kind: z.enum(kindNames).exclude(["openvswitch"]),
      value: value.partial().nullable(),
      ...common,
    }),
  ])
  .refine(({ kind, key }) => keys[kind](key), { error: "no key of this kind", path: ["key"] })
  .transform((entry) => entry as Item);
