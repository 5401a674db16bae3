import type { ServiceError } from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Inventory, type NodeStateInput } from "../../../components";
import type { Lab } from "../../../lab";
import type { Plugin } from "../../provider/plugin";

type Bag = Record<string, unknown>;

const type = "NodeState";

/** One program's NodeState on one node, kept between runs as the engine keeps it, without the engine. */
export class Program {
  /** What the engine would have in its state; undefined: nothing was made. */
  private kept: { inputs: Bag; outputs: Bag } | undefined;
  private readonly connection: unknown;

  constructor(
    lab: Lab,
    private readonly node: string,
    private readonly settings: Bag = {},
    private readonly owner = "test",
  ) {
    this.connection = Inventory.fromFile(lab.inventoryFile).nodes.find(({ name }) => name === node)?.connection;
  }

  /** Brings the node to a state, by create or update. An error leaves what the engine would keep. */
  async up(plugin: Plugin, state: NodeStateInput, more: Bag = {}): Promise<void> {
    const { node, owner, connection } = this;
    const wanted = { node, owner, connection, state, adopt: true, ...this.settings, ...more };
    const { inputs, failures } = await plugin.check(type, this.kept?.inputs ?? {}, wanted);
    if (failures.length > 0) throw new Error(failures.join("\n"));
    try {
      const outputs = this.kept
        ? await plugin.update(type, this.kept.inputs, this.kept.outputs, inputs)
        : (await plugin.create(type, inputs)).outputs;
      this.kept = { inputs, outputs };
    } catch (error) {
      const outputs = partial(error as ServiceError);
      if (outputs) this.kept = { inputs, outputs };
      throw error;
    }
  }

  /** What a refresh shows as changed by hand. */
  async drift(plugin: Plugin): Promise<unknown[]> {
    const { inputs, outputs } = this.kept ?? { inputs: {}, outputs: {} };
    const read = await plugin.read(type, `${this.node}/${this.owner}`, inputs, outputs);
    return (read.outputs.drift as unknown[] | undefined) ?? [];
  }

  async destroy(plugin: Plugin, more: Bag = {}): Promise<void> {
    if (!this.kept) return;
    const inputs = { ...this.kept.inputs, ...this.settings, ...more };
    await plugin.delete(type, `${this.node}/${this.owner}`, inputs, this.kept.outputs);
    this.kept = undefined;
  }
}

/** What a failed call says there is of the resource nevertheless. */
function partial(error: ServiceError): Bag | undefined {
  const [bytes] = error.metadata?.get("grpc-status-details-bin") ?? [];
  if (!(bytes instanceof Buffer)) return undefined;
  const [detail] = Status.deserializeBinary(bytes).getDetailsList();
  if (!detail) return undefined;
  const failed = ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
  return failed.getProperties()?.toJavaScript() as Bag | undefined;
}
