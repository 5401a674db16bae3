/** Plain values: what the engine's property bags hold once protobuf is taken off. */
export type Properties = Record<string, unknown>;

export interface CheckFailure {
  property: string;
  reason: string;
}

export type ChangeKind = "add" | "update" | "delete" | "replace";

/** What diff says: which property paths change, and how. No entry = nothing changes. */
export type PropertyDiff = Record<string, ChangeKind>;

export interface Context {
  urn: string;
  /** True in a preview: the planned outputs are computed and no host is contacted. */
  preview: boolean;
  /** Aborted by Ctrl-C. */
  signal: AbortSignal;
  /** A line in the engine's log for this resource. `status` lines show in the live column and are not kept. */
  log(severity: "debug" | "info" | "warning" | "error", message: string): void;
  status(message: string): void;
}

/**
 * Thrown by create and update when the resource exists, or partly, but is not as wanted: the engine keeps it with the
 * reasons, fails the run, and tries again at the next `up`. Thrown by read: last known state, "unhealthy".
 */
export class PartialFailure extends Error {
  constructor(
    readonly id: string,
    readonly outputs: Properties,
    readonly reasons: string[],
    readonly inputs?: Properties,
  ) {
    super(reasons.join("\n"));
  }
}

/**
 * One kind of resource. check and diff never touch the network. A value not known in a preview is the symbol `unknown`.
 */
export interface ResourceHandler {
  check(
    previous: Properties | undefined,
    wanted: Properties,
    context: Context,
  ): { inputs: Properties; failures: CheckFailure[] };
  diff(previousInputs: Properties, previousOutputs: Properties, wanted: Properties, context: Context): PropertyDiff;
  create(wanted: Properties, context: Context): Promise<{ id: string; outputs: Properties }>;
  /** Empty answer = gone for good. `inputs` given: what was observed, in the shape of the inputs. */
  read(
    id: string,
    inputs: Properties,
    outputs: Properties,
    context: Context,
  ): Promise<{ id: string; inputs: Properties; outputs: Properties } | undefined>;
  update(
    id: string,
    previousInputs: Properties,
    previousOutputs: Properties,
    wanted: Properties,
    context: Context,
  ): Promise<{ outputs: Properties }>;
  delete(id: string, inputs: Properties, outputs: Properties, context: Context): Promise<void>;
}

/** A value that the engine does not know yet in a preview. */
export const unknown: unique symbol = Symbol("unknown");
