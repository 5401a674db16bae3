import type { Facts, RouteFact, RuleFact } from "./facts";
import * as forms from "./facts-schema";
import { formed, lines, type Rows } from "./formed";
import { word } from "./words";

/** Routes and rules of both families. */
export function routesAndRules(sections: ReadonlyMap<string, string>): Pick<Facts, "routes" | "rules"> {
  const names = lines(sections.get("tables")).map((line) => line.split("\t"));
  const tables = new Map(names.map(([number, name]) => [name ?? "", Number(number)]));
  const [ipv4, ipv6] = [routing("ipv4", sections), routing("ipv6", sections)];
  return {
    routes: [
      ...ipv4.routes.map((route) => routeFact(route, "ipv4", tables)),
      ...ipv6.routes.map((route) => routeFact(route, "ipv6", tables)),
    ],
    rules: [
      ...ipv4.rules.map((rule) => ruleFact(rule, "ipv4", tables)),
      ...ipv6.rules.map((rule) => ruleFact(rule, "ipv6", tables)),
    ],
  };
}

/** A line of JSON for each question; rules have a priority, and routes have none. */
function routing(family: string, sections: ReadonlyMap<string, string>) {
  const answers = lines(sections.get(family)).map((line) => formed(family, forms.rows, () => JSON.parse(line)));
  const [rules, routes] = [true, false].map((isRule) => answers.flat().filter((row) => "priority" in row === isRule));
  return { routes: formed(family, forms.routes, () => routes), rules: formed(family, forms.rules, () => rules) };
}

type TableNames = ReadonlyMap<string, number>;
const kernelTables: TableNames = new Map([
  ["default", 253],
  ["main", 254],
  ["local", 255],
]);
const plainRouteKeys = new Set(
  "type dst gateway via dev table metric protocol scope prefsrc flags pref expires".split(" "),
);

function routeFact(route: Rows<typeof forms.routes>, family: "ipv4" | "ipv6", tables: TableNames): RouteFact {
  return {
    family,
    to: destination(route.dst, family),
    via: route.via?.host ?? route.gateway ?? null,
    device: route.dev ?? null,
    table: tableNumber(route.table, tables),
    metric: route.metric,
    protocol: route.protocol,
    scope: route.scope ?? null,
    source: route.prefsrc ?? null,
    onlink: route.flags.includes("onlink"),
    ...(route.nexthops && { devices: [...new Set(route.nexthops.flatMap(({ dev }) => dev ?? []))] }),
    unsupported: unsupported(route, plainRouteKeys),
  };
}

function unsupported(row: object, plain: ReadonlySet<string>): string[] {
  return Object.keys(row)
    .filter((key) => !plain.has(key))
    .map(nameOf);
}

/** An attribute's name, kept and shown: nothing else than a name. */
function nameOf(attribute: string): string {
  return word.safeParse(attribute).success ? attribute : "unknown";
}

function destination(text: string, family: "ipv4" | "ipv6"): string {
  if (text === "default") return family === "ipv4" ? "0.0.0.0/0" : "::/0";
  return text.includes("/") ? text : `${text}/${family === "ipv4" ? 32 : 128}`;
}

/** A table whose name nobody explains is none of ours. */
function tableNumber(table: string | number | undefined, names: TableNames): number {
  if (table === undefined) return 254;
  const number = names.get(String(table)) ?? kernelTables.get(String(table)) ?? Number(table);
  return Number.isInteger(number) ? number : -1;
}

const plainRuleKeys = new Set("priority src srclen dst dstlen fwmark fwmask table protocol".split(" "));

function ruleFact(rule: Rows<typeof forms.rules>, family: "ipv4" | "ipv6", tables: TableNames): RuleFact {
  const prefix = (side: "src" | "dst") => {
    const address = rule[side];
    if (address === undefined || address === "all") return null;
    return `${address}/${rule[`${side}len`] ?? (family === "ipv4" ? 32 : 128)}`;
  };
  const mask = rule.fwmask === undefined || rule.fwmask === "0xffffffff" ? "" : `/${rule.fwmask}`;
  return {
    family,
    priority: rule.priority,
    from: prefix("src"),
    to: prefix("dst"),
    fwmark: rule.fwmark === undefined ? null : `${rule.fwmark}${mask}`,
    table: tableNumber(rule.table, tables),
    unsupported: unsupported(rule, plainRuleKeys),
  };
}
