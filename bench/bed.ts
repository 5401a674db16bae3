import { readFileSync, writeFileSync } from "node:fs";
import { down, type Lab, up } from "../lab";
import { each } from "./each";
import { type BenchNode, placed, runsOf } from "./network";
import { endStateScript, expectedEndState, resetScript } from "./scripts";

/** Nodes for one size of the benchmark: that many, and one that joins later. */
export class Bed {
  private constructor(
    readonly lab: Lab,
    /** One more than the size. */
    readonly nodes: readonly BenchNode[],
    private readonly restore: () => void,
  ) {}

  static async up(size: number, packages: readonly string[]): Promise<Bed> {
    const name = `bench-${size}`;
    const restore = roomForNeighbours(size);
    // Nodes that an interrupted benchmark left are not as they were.
    await down(name);
    const requests = Array.from({ length: size + 1 }, (_, index) => ({
      name: `n${index + 1}`,
      kind: "light" as const,
    }));
    const lab = await up({ name, nodes: requests, packages });
    const nodes = lab.nodes.map((node) => ({ name: node.name, address: node.addresses.ipv4 }));
    return new Bed(lab, nodes, restore);
  }

  async down(): Promise<void> {
    try {
      await down(this.lab.name);
    } finally {
      this.restore();
    }
  }

  /** Every node as it was before the first tool. */
  async reset(): Promise<void> {
    await this.onEach(placed(this.nodes), resetScript);
  }

  /** Fails unless every node has the whole end state of a network of these nodes. */
  async requireEndState(nodes: readonly BenchNode[], tool: string): Promise<void> {
    const all = placed(nodes);
    const runs = runsOf(all);
    const found = await this.onEach(all, endStateScript);
    all.forEach((node, index) => {
      const [wanted, seen] = [expectedEndState(node, runs), found[index] ?? ""].map((text) => text.split("\n"));
      const missing = wanted?.filter((line) => !seen?.includes(line)) ?? [];
      const surplus = seen?.filter((line) => !wanted?.includes(line)) ?? [];
      if (missing.length + surplus.length > 0)
        throw new Error(
          `${tool} left ${node.name} in another state: lacks ${JSON.stringify(missing.slice(0, 3))}, has ${JSON.stringify(surplus.slice(0, 3))}`,
        );
    });
  }

  /** Fails when this work begins a single SSH connection, as the switch sees it. */
  async untouched<Result>(work: () => Promise<Result>): Promise<Result> {
    const begun = async () => [...(await this.lab.sshConnections()).values()].reduce((sum, count) => sum + count, 0);
    const before = await begun();
    const result = await work();
    const made = (await begun()) - before;
    if (made > 0) throw new Error(`podnet began ${made} SSH connections, though nothing had changed`);
    return result;
  }

  /** Fails unless this work logs in once to each of these nodes. */
  async oneLoginEach<Result>(nodes: readonly BenchNode[], work: () => Promise<Result>): Promise<Result> {
    // As sshd counts: on a busy machine the switch sees some connections begin twice, by a repeated SYN.
    const logins = () => this.onEach(nodes, () => "grep -c '^Accepted' /var/log/sshd.log\n");
    const before = await logins();
    const result = await work();
    const after = await logins();
    nodes.forEach(({ name }, index) => {
      const made = Number(after[index]) - Number(before[index]);
      if (made !== 1) throw new Error(`podnet logged in to ${name} ${made} times, and once was due`);
    });
    return result;
  }

  private async onEach<Node extends BenchNode>(
    nodes: readonly Node[],
    script: (node: Node) => string,
  ): Promise<string[]> {
    return await each(nodes, 8, async (node) => {
      const { code, stdout, stderr } = await this.lab.exec(node.name, script(node));
      if (code !== 0) throw new Error(`${node.name}: a script of the benchmark ended with ${code}: ${stderr}${stdout}`);
      return stdout;
    });
  }
}

/**
 * The kernel counts neighbours over all namespaces of a machine and refuses new ones at its limit, which so many nodes
 * on one machine reach. Answers what puts the limit back.
 */
function roomForNeighbours(size: number): () => void {
  const files = ["ipv4", "ipv6"].map((family) => `/proc/sys/net/${family}/neigh/default/gc_thresh3`);
  const before = files.map((file) => readFileSync(file, "utf8").trim());
  const needed = size * 8;
  const raised = before.map((value) => String(Math.max(needed, Number(value))));
  const write = (values: string[]) =>
    files.forEach((file, index) => {
      if (values[index] !== readFileSync(file, "utf8").trim()) writeFileSync(file, String(values[index]));
    });
  write(raised);
  return () => write(before);
}
