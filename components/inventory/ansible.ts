import type { Problem } from "../addresses/problem";
import type { Groups, Variables } from "./ansible-groups";
import { words } from "./ansible-text";
import { readJump } from "./jump";
import type { Imported, InventoryInput } from "./schema";

/** The nodes of one group of an Ansible inventory. */
export function nodesOf(groups: Groups, group: string): Imported {
  const problems = [...groups.problems];
  const warnings = new Set<string>();
  const members = new Set(hostsOf(groups, group));
  if (members.size === 0)
    problems.push({
      path: group,
      rule: `the group "${group}" has no host`,
      fix: `name one of: ${["all", ...groups.groups.keys()].join(", ")}`,
    });
  const layers = layersOf(groups);
  const nodes = [...members].map((host) => {
    const variables = variablesOf(groups, layers, host);
    return [host, nodeOf(host, variables, problems, warnings)] as const;
  });
  return { nodes: Object.fromEntries(nodes), problems, warnings: [...warnings] };
}

function hostsOf(groups: Groups, name: string, seen = new Set<string>()): string[] {
  if (seen.has(name)) return [];
  seen.add(name);
  if (name === "all") return [...groups.groups.values()].flatMap(({ hosts }) => [...hosts.keys()]);
  const group = groups.groups.get(name);
  return group ? [...group.hosts.keys(), ...[...group.children].flatMap((child) => hostsOf(groups, child, seen))] : [];
}

interface Layer {
  members: Set<string>;
  name: string;
  depth: number;
}

/** The groups in Ansible's order: `all`, then parents before children, then by name. */
function layersOf(groups: Groups): Layer[] {
  const depth = (name: string, seen: string[] = []): number => {
    const parents = [...groups.groups].filter(([, { children }]) => children.has(name)).map(([parent]) => parent);
    const further = parents.filter((parent) => !seen.includes(parent));
    return name === "all" ? 0 : 1 + Math.max(0, ...further.map((parent) => depth(parent, [...seen, name])));
  };
  return [...groups.groups.keys()]
    .map((name) => ({ name, depth: depth(name), members: new Set(hostsOf(groups, name)) }))
    .sort((left, right) => left.depth - right.depth || (left.name < right.name ? -1 : 1));
}

/** A host's variables: those of its groups, the nearest last, and then its own. */
function variablesOf(groups: Groups, layers: Layer[], host: string): Variables {
  const containing = layers.filter(({ members }) => members.has(host)).map(({ name }) => groups.group(name));
  const own = containing.map(({ hosts }) => hosts.get(host) ?? {});
  return Object.assign({}, ...containing.map(({ variables }) => variables), ...own);
}

type Node = InventoryInput["nodes"][string];

function nodeOf(name: string, variables: Variables, problems: Problem[], warnings: Set<string>): Node {
  const text = (key: string) => (variables[key] === undefined ? undefined : String(variables[key]));
  const path = `nodes.${name}`;
  for (const key of read.filter((one) => text(one)?.includes("{{")))
    problems.push({
      path: `${path}.${key}`,
      rule: `${key} of ${name} is a Jinja template, and podnet reads values only`,
      fix: "write the value",
    });
  for (const key of ["ansible_password", "ansible_ssh_pass"].filter((one) => one in variables))
    problems.push({ path: `${path}.${key}`, rule: `${name} logs in by password`, fix: "use an SSH key" });
  for (const key of becomePasswords.filter((one) => one in variables))
    warnings.add(`${key} of the Ansible inventory is not used: podnet runs sudo -n, which needs NOPASSWD in sudoers`);
  const method = text("ansible_become_method") ?? "sudo";
  if (method !== "sudo")
    problems.push({
      path: `${path}.ansible_become_method`,
      value: method,
      rule: `${name} becomes root by ${method}, and podnet knows sudo`,
      fix: "allow the user passwordless sudo, or log in as root",
    });
  if (text("ansible_connection") === "local")
    problems.push({ path: `${path}.ansible_connection`, rule: `${name} is not reached over SSH` });

  const number = (value: string | undefined) => (value === undefined ? undefined : Number(value));
  const file = text("ansible_ssh_private_key_file") ?? text("ansible_private_key_file");
  const host = text("ansible_host") ?? text("ansible_ssh_host") ?? name;
  const connection = {
    host,
    port: number(text("ansible_port") ?? text("ansible_ssh_port")),
    user: text("ansible_user") ?? text("ansible_ssh_user"),
    key: file === undefined ? undefined : { file },
    become: /^(yes|true|on|1)$/i.test(text("ansible_become") ?? "") || undefined,
    jump: readArguments(name, text, problems, warnings),
  };
  const own = variables.podnet_addresses ?? [text("ip"), text("ip6")].filter((one) => one !== undefined);
  const addresses = Array.isArray(own) ? own.map(String) : String(own).split(/[\s,]+/);
  const node = {
    connection: defined(connection),
    addresses: addresses.length > 0 ? addresses : undefined,
    segment: text("podnet_segment"),
    nic: text("podnet_nic"),
    mtu: number(text("podnet_mtu")),
  };
  return defined(node) as Node;
}

const becomePasswords = ["ansible_become_password", "ansible_become_pass", "ansible_sudo_pass"];

/** The variables that are read; all others belong to the playbooks. */
const read = [
  "ansible_host",
  "ansible_port",
  "ansible_user",
  "ansible_ssh_private_key_file",
  "ansible_become",
  "ansible_become_method",
  "ansible_ssh_common_args",
  "ip",
  "ip6",
  "podnet_addresses",
  "podnet_segment",
  "podnet_nic",
  "podnet_mtu",
];

/** The bastion in ssh's arguments: -J, -o ProxyJump, or -o ProxyCommand="ssh -W %h:%p bastion". */
function readArguments(
  name: string,
  text: (key: string) => string | undefined,
  problems: Problem[],
  warnings: Set<string>,
) {
  const line = [text("ansible_ssh_common_args"), text("ansible_ssh_extra_args")].join(" ").trim();
  const path = `nodes.${name}.ansible_ssh_common_args`;
  const list = words(line.replace(/(^|\s)-o\s+/g, "$1-o").replace(/(^|\s)-J\s+/g, "$1-J"));
  let jump: ReturnType<typeof readJump>["jump"];
  for (const argument of list) {
    const target =
      /^-J(.+)$/.exec(argument)?.[1] ??
      /^-oProxyJump=(.+)$/i.exec(argument)?.[1] ??
      /^-oProxyCommand=.*\bssh\b.*-W\s*\[?%h\]?:%p.*?(\S+@\S+)/i.exec(argument)?.[1];
    if (target === undefined) warnings.add(`ssh argument "${argument}" of the Ansible inventory is not used`);
    else {
      const found = readJump(target, path);
      jump = found.jump;
      problems.push(...found.problems);
    }
  }
  return jump;
}

function defined<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as T;
}
