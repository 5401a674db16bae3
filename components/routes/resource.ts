import * as pulumi from "@pulumi/pulumi";
import type { Later } from "../later";
import { sha256 } from "../node/kinds/file";
import type { Routes, RoutesMade } from "./plan";
import type { RoutesRequestInput } from "./request";

type Inputs<T> = pulumi.Input<{ [Name in keyof T]: pulumi.Input<T[Name]> }>;

export interface RoutePlanArgs
  extends Omit<
    { [Name in keyof RoutesRequestInput]: pulumi.Input<RoutesRequestInput[Name]> },
    "nodes" | "tables" | "taken"
  > {
  nodes: Record<string, Inputs<RoutesRequestInput["nodes"][string]>>;
  taken?: Record<string, pulumi.Input<string[]>>;
  tables?: pulumi.Input<Record<string, Inputs<NonNullable<RoutesRequestInput["tables"]>[string]>>>;
}

/** Which routes the tables get. Everything that is wrong with them is told at preview, and the whole plan is known. */
export class RoutePlan extends pulumi.CustomResource {
  /** The same in every table. */
  declare public readonly routes: pulumi.Output<Routes>;
  /** Routes that stood there before, by table and destination: the id that each is imported by. */
  declare public readonly adopted: pulumi.Output<RoutesMade["adopted"]>;

  constructor(name: string, args: RoutePlanArgs, options?: pulumi.CustomResourceOptions) {
    super("podnet:index:RoutePlan", name, { ...args, routes: undefined, adopted: undefined }, options);
  }
}

/**
 * What the clouds' components have in common: their routes are made once the plan is known, and whoever depends on the
 * component depends on all of them.
 */
export class PlannedRoutes extends pulumi.ComponentResource<void> {
  declare private settle: () => void;
  /** Another value when a route leads elsewhere. Known once every table has its routes. */
  declare public fingerprint: pulumi.Output<string>;

  /** The engine's SDK looks for a component's children once this is done. */
  protected override initialize(): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    this.settle = resolve;
    return promise;
  }

  /**
   * Says that all is made when it is, and also when a preview does not know what there will be.
   *
   * @param ways how each node is reached
   */
  protected completeWith(made: pulumi.Output<unknown>, ways: Record<string, unknown>): void {
    this.fingerprint = pulumi.all([made, ways]).apply((all) => sha256(JSON.stringify(all)));
    // The SDK's own, and its only promise that does not wait for what is unknown.
    const known = (made as unknown as { promise(): Promise<unknown> }).promise();
    known.then(this.settle, this.settle);
  }
}

/** A setting that may not be known yet, as the engine takes it. */
export function input<T>(value: Later<T>): pulumi.Input<T> {
  return value as pulumi.Input<T>;
}
