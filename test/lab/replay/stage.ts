import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { InventoryInput } from "../../../components";
import { type NodeStateDocument, nodeState } from "../../../components/node/state";
import type { Lab, UpOptions } from "../../../lab";
import { type Ended, Stack, type StateResource } from "../../engine/stack";
import { StandIn } from "../../engine/stand-in/stand-in";
import { endLab, freshLab } from "../fresh-lab";
import { own as ofOpenVSwitch } from "../openvswitch/world";
import { choices, type NetworkName } from "./choices";
import { found, objectsAfter, workloads } from "./cluster";
import type { Wanted } from "./draw";

const components = join(__dirname, "../../../dist/components");

/** The next address for a pod, which every pod that comes moves on: nothing of it is podnet's. */
const leases = /^\/var\/lib\/cni\/networks\/\S+\/last_reserved_ip.*\n/gm;

/**
 * What a node is like but for the carrier of a bridge, which comes and goes some time after the pods that packets were sent
 * between; whether somebody set a device up or down stays among its flags.
 */
const steady = (text: string) =>
  text
    .split("\n")
    .filter((line) => !ofOpenVSwitch.test(line))
    .join("\n")
    .replaceAll("qdisc noop ", "qdisc noqueue ")
    .replaceAll(leases, "")
    .replaceAll("<NO-CARRIER,", "<")
    .replaceAll(/ state (UP|DOWN) | linkdown\b/g, " ")
    .replaceAll(/^(\S+ +)(UP|DOWN) /gm, "$1")
    .replaceAll(/ +$/gm, "");

const program = `
const { readFileSync } = require("node:fs");
const podnet = require("${components}");
const kubernetes = require(require.resolve("@pulumi/kubernetes", { paths: ["${components}"] }));
const { wanted, inventory } = JSON.parse(readFileSync(__dirname + "/wanted.json", "utf8"));
// Each network is of a cluster of its own.
for (const [name, { component, settings: { nodes, ...settings } }] of Object.entries(wanted)) {
  const args = { ...settings, ...(nodes && { nodes: podnet.Inventory.of(inventory).only(nodes) }) };
  new podnet[component](name, args, { provider: new kubernetes.Provider("of-" + name, { kubeconfig: "{}" }) });
}
`;

/** What there is, as the nodes, the cluster and the engine's state say it themselves. */
export interface Sight {
  /** Each node's text, and what podnet committed on it for each network. */
  nodes: Map<string, { text: string; committed: Map<string, NodeStateDocument> }>;
  objects: Map<string, Record<string, unknown>>;
  resources: Map<string, StateResource & { created?: string; modified?: string }>;
}

/** Where some networks are played. */
export interface Place {
  /** Nodes of the lab; without them there is none. */
  nodes?: UpOptions["nodes"];
  /** Debian packages that they have besides those of a plain server. */
  packages?: readonly string[];
  /** What is there before podnet comes, and how it is ended. */
  prepare?(lab: Lab): Promise<{ end(): void }>;
}

/** Some networks as one stack of the real engine: nodes are real, a cluster is a stand-in that keeps count. */
export class Stage {
  private objects: Sight["objects"] = new Map();
  private prepared: { end(): void } | undefined;
  /** The last look. What changes between it and the next preview shows as what the next run did, and was not told. */
  seen: Sight | undefined;

  private constructor(
    private readonly stack: Stack,
    private readonly folder: string,
    readonly cluster: StandIn,
    /** Absent where no network has nodes. */
    readonly lab: Lab | undefined,
    private readonly name: string,
  ) {}

  static async build(name: string, { nodes = [], packages, prepare }: Place): Promise<Stage> {
    const lab = nodes.length > 0 ? await freshLab(name, nodes, packages) : undefined;
    const folder = mkdtempSync(join(tmpdir(), "podnet-replay-"));
    const cluster = await StandIn.start("kubernetes", { kinds: {}, functions: {} }, folder);
    const stack = await Stack.create({
      programText: program,
      plugins: { kubernetes: folder },
      // The state is looked at when a run has ended, and is thrown away when one was killed.
      environment: { PULUMI_SKIP_CHECKPOINTS: "true" },
    });
    const stage = new Stage(stack, folder, cluster, lab, name);
    stage.prepared = lab && (await prepare?.(lab));
    return stage;
  }

  get inventory(): InventoryInput {
    return this.lab ? (parse(readFileSync(this.lab.inventoryFile, "utf8")) as InventoryInput) : { nodes: {} };
  }

  want(wanted: Wanted, networks: readonly NetworkName[]): void {
    const own = networks.map((name) => [name, { component: choices[name].component, settings: wanted[name] }]);
    const file = { wanted: Object.fromEntries(own), inventory: this.inventory };
    writeFileSync(join(this.stack.folder, "wanted.json"), JSON.stringify(file));
  }

  async preview(): Promise<string> {
    return (await this.stack.run("preview", "--json", "--show-sames")).output;
  }

  up(): Promise<Ended> {
    return this.stack.run("up", "--yes", "--skip-preview");
  }

  refresh(): Promise<Ended> {
    return this.stack.run("refresh", "--yes", "--expect-no-changes");
  }

  /** Looks at everything, and counts what the cluster was asked since the last look. */
  async look(): Promise<Sight> {
    this.objects = objectsAfter(this.objects, this.cluster.steps);
    this.cluster.forget();
    const { lab } = this;
    const nodes = (lab?.nodes ?? []).map(async ({ name }) => {
      const [text, known] = await Promise.all([lab?.snapshot(name), allCommitted(lab as Lab, name)]);
      return [name, { text: steady(text ?? ""), committed: known }] as const;
    });
    const resources = new Map(this.stack.states().map((one) => [one.urn, one]));
    this.seen = { nodes: new Map(await Promise.all(nodes)), objects: this.objects, resources };
    return this.seen;
  }

  async end(): Promise<void> {
    this.cluster.stop();
    this.prepared?.end();
    this.stack.remove();
    rmSync(this.folder, { recursive: true, force: true });
    if (this.lab) await endLab(this.name);
  }
}

/** What every network committed on a node, by its name. */
async function allCommitted(lab: Lab, node: string): Promise<Map<string, NodeStateDocument>> {
  const { stdout } = await lab.exec(
    node,
    `for file in /var/lib/podnet/*/manifest.json; do [ ! -e "$file" ] || { echo "$file"; tr -d '\\n' <"$file"; echo; }; done`,
  );
  const lines = stdout.split("\n").filter(Boolean);
  const manifests = lines.flatMap((line, index) => (index % 2 === 0 ? [[line, lines[index + 1] as string]] : []));
  return new Map(
    manifests.map(([path, text]) => [
      (path as string).split("/").at(-2) as string,
      nodeState.parse((JSON.parse(text as string) as { state: unknown }).state),
    ]),
  );
}

/** Everything that policies decide over in a cluster with these objects. */
export const decidedOver = ({ objects }: Sight) => [...workloads, ...found(objects)];
