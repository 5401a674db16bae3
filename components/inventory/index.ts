import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parse as parseYaml } from "yaml";
import type { Problem } from "../addresses/problem";
import { refuse, UserError } from "../errors";
import { parse } from "../parse";
import { nodesOf } from "./ansible";
import { readIni, readYaml } from "./ansible-groups";
import { inventoryProblems, onlySegment, segmentOf } from "./check";
import { type Imported, type InventoryInput, inventorySchema, type NodeConnection, type Segment } from "./schema";
import { nodesOfSshConfig, type SshHost } from "./ssh-config";

export type { InventoryInput, NodeConnection, Segment } from "./schema";
export type { SshHost } from "./ssh-config";

/** One node, with every default explicit. */
export interface InventoryNode {
  name: string;
  connection: NodeConnection;
  addresses: string[];
  segment: string;
  nic?: string;
  /** Bytes that the NIC carries. */
  mtu: number;
}

/** Which nodes, and what an inventory of another tool does not say. */
export interface AnsibleOptions {
  /** The group whose hosts are the nodes. @default "all" */
  group?: string;
  segments?: InventoryInput["segments"];
  defaults?: InventoryInput["defaults"];
}

/**
 * The nodes of a network: who they are, how they are reached, and which of them share a segment.
 *
 * @example
 * const nodes = Inventory.fromFile("rack1.yaml");
 */
export class Inventory {
  private constructor(
    /** Where it was read: a path, or "inventory". */
    readonly source: string,
    readonly nodes: readonly InventoryNode[],
    readonly segments: Readonly<Record<string, Segment>>,
    /** What was found and not used, for the user to see. */
    readonly warnings: readonly string[],
    /** Nodes whose MTU nobody says. */
    private readonly ofUsualMtu: readonly string[],
  ) {}

  /** Reads a value. Throws a UserError with every problem at once. */
  static of(value: InventoryInput, source = "inventory", warnings: readonly string[] = []): Inventory {
    const document = parse(source, inventorySchema, value, inventoryProblems);
    const nodes = Object.entries(document.nodes).map(([name, node]) => ({
      name,
      ...node,
      mtu: node.mtu ?? usualMtu,
      segment: segmentOf(node, document.segments) as string,
    }));
    const segments = Object.keys(document.segments).length > 0 ? document.segments : { [onlySegment]: noSegment };
    const unsaid = Object.entries(document.nodes).filter(([, { mtu }]) => mtu === undefined);
    return new Inventory(
      source,
      nodes,
      segments,
      warnings,
      unsaid.map(([name]) => name),
    );
  }

  /** Reads a file: podnet's own YAML, or an Ansible inventory in INI or YAML, which its content tells. */
  static fromFile(path: string): Inventory {
    const text = readText(path);
    const document = looksLikeIni(path, text) ? undefined : readDocument(path, text);
    if (isOurs(document)) return Inventory.of(document as InventoryInput, path);
    return Inventory.fromAnsible(path);
  }

  /**
   * Reads an Ansible inventory: groups, ranges, `:vars`, `:children` and the variables of the connection, and of ours
   * `podnet_addresses`, `podnet_segment`, `podnet_nic` and `podnet_mtu`. Files in host_vars and group_vars are not read.
   */
  static fromAnsible(path: string, options: AnsibleOptions = {}): Inventory {
    const text = readText(path);
    const groups = looksLikeIni(path, text) ? readIni(text) : readYaml(readDocument(path, text));
    const imported = nodesOf(groups, options.group ?? "all");
    const folders = ["host_vars", "group_vars"].filter((folder) => existsSync(join(dirname(path), folder)));
    const unread = folders.map(
      (folder) => `${folder} beside ${path} is not read; what podnet needs must stand in ${path}`,
    );
    return Inventory.imported(path, imported, unread, options);
  }

  /** Reads hosts of an ssh_config; a host whose HostName is a name needs `addresses`. */
  static fromSshConfig(
    path: string,
    hosts: readonly SshHost[],
    options: Pick<AnsibleOptions, "segments" | "defaults"> = {},
  ): Inventory {
    return Inventory.imported(path, nodesOfSshConfig(readText(path), hosts), [], options);
  }

  /** A part of it: the nodes named, with their segments. */
  only(names: readonly string[]): Inventory {
    const missing = names.filter((name) => !this.nodes.some((node) => node.name === name));
    const fix = `nodes are: ${this.nodes.map(({ name }) => name).join(", ")}`;
    refuse(
      this.source,
      missing.map((name) => ({ path: "nodes", rule: `there is no node ${name}`, fix })),
    );
    const nodes = this.nodes.filter(({ name }) => names.includes(name));
    return new Inventory(this.source, nodes, this.segments, this.warnings, this.ofUsualMtu);
  }

  /** The same where NICs carry other packets than Ethernet's usual ones, in bytes: nodes that do not say their MTU. */
  withUsualMtu(mtu: number): Inventory {
    const nodes = this.nodes.map((node) => (this.ofUsualMtu.includes(node.name) ? { ...node, mtu } : node));
    return new Inventory(this.source, nodes, this.segments, this.warnings, this.ofUsualMtu);
  }

  private static imported(path: string, imported: Imported, warnings: string[], options: AnsibleOptions): Inventory {
    const { segments, defaults } = options;
    const value = { nodes: imported.nodes, ...(segments && { segments }), ...(defaults && { defaults }) };
    const further = problemsIn(() => parse(path, inventorySchema, value, inventoryProblems));
    const empty = imported.problems.length > 0 && Object.keys(imported.nodes).length === 0;
    refuse(path, [...imported.problems, ...(empty ? [] : further)]);
    return Inventory.of(value, path, [...imported.warnings, ...warnings]);
  }
}

/** Bytes that an Ethernet NIC carries. */
const usualMtu = 1500;

const noSegment: Segment = { subnets: [], routers: [] };

function problemsIn(action: () => void): readonly Problem[] {
  try {
    action();
    return [];
  } catch (error) {
    if (error instanceof UserError) return error.problems;
    throw error;
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    const rule = error instanceof Error ? error.message : String(error);
    throw new UserError(path, [
      { path: "", rule, fix: "give the path of an inventory, from the folder of the program" },
    ]);
  }
}

function readDocument(path: string, text: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    const rule = error instanceof Error ? error.message.trimEnd() : String(error);
    throw new UserError(path, [
      { path: "", rule, fix: "correct the YAML; a node that is listed twice is listed once" },
    ]);
  }
}

function looksLikeIni(path: string, text: string): boolean {
  if (/\.(ya?ml|json)$/i.test(path)) return false;
  return /\.(ini|cfg)$/i.test(path) || /^\s*\[[^\]]+\]\s*(#.*)?$/m.test(text) || !/^[\w-]+:(\s|$)/m.test(text);
}

function isOurs(document: unknown): boolean {
  const own = ["nodes", "segments", "defaults"];
  return typeof document === "object" && document !== null && Object.keys(document).some((key) => own.includes(key));
}
