import type { Problem } from "../addresses/problem";
import { expandHosts, words } from "./ansible-text";

export type Variables = Record<string, unknown>;

export interface Group {
  hosts: Map<string, Variables>;
  children: Set<string>;
  variables: Variables;
}

/** What both of Ansible's inventory formats say. */
export class Groups {
  readonly groups = new Map<string, Group>();
  readonly problems: Problem[] = [];

  group(name: string): Group {
    const found = this.groups.get(name) ?? { hosts: new Map(), children: new Set(), variables: {} };
    this.groups.set(name, found);
    return found;
  }

  addHosts(group: string, pattern: string, variables: Variables, path: string): void {
    const names = expandHosts(pattern);
    if (names.length === 0)
      this.problems.push({
        path,
        value: pattern,
        rule: "a range that holds no host",
        fix: "give its lower end first, such as node[1:3]",
      });
    for (const name of names) {
      const { hosts } = this.group(group);
      hosts.set(name, { ...hosts.get(name), ...variables });
    }
  }
}

/** Reads Ansible's INI format. */
export function readIni(text: string): Groups {
  const result = new Groups();
  let section = { name: "ungrouped", kind: "hosts" };
  text.split(/\r?\n/).forEach((raw, index) => {
    const line = raw.trim();
    const path = `line ${index + 1}`;
    if (line === "" || line.startsWith("#") || line.startsWith(";")) return;
    const header = /^\[([^\]:]+)(?::(\w+))?\]\s*(?:#.*)?$/.exec(line);
    if (header) {
      section = { name: header[1] as string, kind: header[2] ?? "hosts" };
      if (!["hosts", "vars", "children"].includes(section.kind))
        result.problems.push({
          path,
          value: line,
          rule: "a section is [group], [group:vars] or [group:children]",
          fix: "name it so, or take it out",
        });
      result.group(section.name);
    } else if (section.kind === "vars") {
      const [, name = "", value = ""] = /^([^=\s]+)\s*=\s*(.*)$/.exec(line) ?? [];
      if (name) result.group(section.name).variables[name] = words(value).join(" ");
      else
        result.problems.push({
          path,
          value: line,
          rule: "a variable is written name=value",
          fix: "write it so, or take the line out",
        });
    } else if (section.kind === "children") {
      result.group(section.name).children.add(words(line)[0] as string);
    } else {
      readHost(result, section.name, line, path);
    }
  });
  return result;
}

function readHost(result: Groups, group: string, line: string, path: string): void {
  const [pattern = "", ...settings] = words(line);
  const variables: Variables = {};
  for (const setting of settings) {
    const at = setting.indexOf("=");
    // Without its value: after a name with blanks around =, it may be a password.
    if (at < 1)
      result.problems.push({
        path,
        rule: `a variable of the host ${pattern} is written name=value`,
        fix: "write it so, without blanks around =, and quote a value that has some",
      });
    else variables[setting.slice(0, at)] = setting.slice(at + 1);
  }
  const port = /^([^:[\]]*(?:\[[^\]]*\][^:[\]]*)*):(\d+)$/.exec(pattern);
  if (port) result.addHosts(group, port[1] as string, { ansible_port: port[2], ...variables }, path);
  else result.addHosts(group, pattern, variables, path);
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const groupRule = {
  rule: "a group holds hosts, vars and children",
  fix: "put a group under children, a host under hosts, and a variable under vars",
};

/** What kind of thing stands there: the thing itself may be long, and may be a password. */
const shown = (value: unknown) => (Array.isArray(value) ? "a list" : isRecord(value) ? "a map" : `a ${typeof value}`);

/** Reads Ansible's YAML format, already parsed. */
export function readYaml(document: unknown): Groups {
  const result = new Groups();
  const visit = (name: string, value: unknown) => {
    const group = result.group(name);
    if (value === null || value === undefined) return;
    if (!isRecord(value)) {
      result.problems.push({ path: name, value: shown(value), ...groupRule });
      return;
    }
    for (const key of Object.keys(value).filter((one) => !["hosts", "vars", "children"].includes(one)))
      result.problems.push({ path: `${name}.${key}`, value: shown(value[key]), ...groupRule });
    if (isRecord(value.vars)) Object.assign(group.variables, value.vars);
    for (const [pattern, variables] of Object.entries(isRecord(value.hosts) ? value.hosts : {}))
      result.addHosts(name, pattern, isRecord(variables) ? variables : {}, `${name}.hosts.${pattern}`);
    for (const [child, content] of Object.entries(isRecord(value.children) ? value.children : {})) {
      group.children.add(child);
      visit(child, content);
    }
  };
  if (isRecord(document)) for (const [name, value] of Object.entries(document)) visit(name, value);
  else
    result.problems.push({
      path: "",
      value: shown(document),
      rule: "an Ansible inventory is a map of groups",
      fix: 'begin with "all:", and put hosts and children under it',
    });
  return result;
}
