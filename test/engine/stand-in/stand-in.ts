import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { Secrets } from "../../../provider/rpc/secrets";
import { fromStruct, toStruct } from "../../../provider/rpc/values";

export type Bag = Record<string, unknown>;

/** No SDK asks for a newer plugin. */
const newest = "9999.0.0";

/** One kind of resource. What is left out is only remembered by the engine. */
export interface Kind {
  /** Inputs that cannot change: another value is another resource. */
  fixed?: readonly string[];
  create?(inputs: Bag): Promise<{ id: string; outputs?: Bag }>;
  /** Undefined: it is gone. By an id that is imported there are no inputs yet. */
  read?(id: string, inputs: Bag): Promise<Bag | undefined>;
  update?(id: string, inputs: Bag): Promise<void>;
  delete?(id: string, inputs: Bag): Promise<void>;
}

/** What a stand-in does: kinds of resources by type token, data sources by function token. */
export interface Cloud {
  kinds: Record<string, Kind>;
  functions: Record<string, (inputs: Bag) => Bag | Promise<Bag>>;
}

export interface Step {
  step: "create" | "update" | "delete";
  type: string;
  name: string;
  inputs: Bag;
}

/**
 * Stands in for a cloud's provider, whose plugin needs an account: speaks the engine's protocol and keeps to what the
 * components use. The engine starts a script that says at which port this process serves.
 */
export class StandIn {
  /** What was done, in order, previews left out. */
  readonly steps: Step[] = [];
  /** The most steps that were done at the same time. */
  busiest = 0;
  private running = 0;
  private count = 0;
  private readonly server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });

  private constructor(readonly cloud: Cloud) {}

  /** @param folder where the script is put: the `path` of `plugins.providers` */
  static async start(name: string, cloud: Cloud, folder: string): Promise<StandIn> {
    const standIn = new StandIn(cloud);
    standIn.server.addService(ResourceProviderService, standIn.service());
    const bound = Promise.withResolvers<number>();
    standIn.server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? bound.reject(error) : bound.resolve(port),
    );
    mkdirSync(folder, { recursive: true });
    const script = join(folder, `pulumi-resource-${name}`);
    writeFileSync(script, `#!/bin/sh\necho ${await bound.promise}\nexec tail -f /dev/null\n`);
    chmodSync(script, 0o755);
    return standIn;
  }

  stop(): void {
    this.server.forceShutdown();
  }

  forget(): void {
    this.steps.length = 0;
    this.busiest = 0;
  }

  private service(): grpc.UntypedServiceImplementation {
    return {
      handshake: answer(() => new pb.ProviderHandshakeResponse().setAcceptSecrets(true)),
      getPluginInfo: answer(() => new PluginInfo().setVersion(newest)),
      getSchema: answer(() => new pb.GetSchemaResponse().setSchema("{}")),
      checkConfig: answer((request: pb.CheckRequest) => new pb.CheckResponse().setInputs(request.getNews())),
      diffConfig: answer(() => new pb.DiffResponse()),
      configure: answer(() => new pb.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true)),
      cancel: answer(() => new Empty()),
      check: answer((request: pb.CheckRequest) => new pb.CheckResponse().setInputs(request.getNews())),
      diff: answer((request: pb.DiffRequest) => this.diff(request)),
      invoke: answer((request: pb.InvokeRequest) => this.invoke(request)),
      create: answer((request: pb.CreateRequest) => this.create(request)),
      read: answer((request: pb.ReadRequest) => this.read(request)),
      update: answer((request: pb.UpdateRequest) => this.update(request)),
      delete: answer((request: pb.DeleteRequest) => this.delete(request)),
    };
  }

  private kind(urn: string): Kind {
    return this.cloud.kinds[typeOf(urn)] ?? {};
  }

  private diff(request: pb.DiffRequest): pb.DiffResponse {
    const [before, after] = [take(request.getOldInputs()), take(request.getNews())];
    const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    const changed = names.filter((name) => !isDeepStrictEqual(before[name], after[name]));
    const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
    return new pb.DiffResponse()
      .setChanges(changed.length > 0 ? DIFF_SOME : DIFF_NONE)
      .setDiffsList(changed)
      .setReplacesList(changed.filter((name) => this.kind(request.getUrn()).fixed?.includes(name)));
  }

  private async invoke(request: pb.InvokeRequest): Promise<pb.InvokeResponse> {
    const function_ = this.cloud.functions[request.getTok()];
    if (!function_) throw new Error(`nobody stands in for ${request.getTok()}`);
    return new pb.InvokeResponse().setReturn(give(await function_(take(request.getArgs()))));
  }

  private async create(request: pb.CreateRequest): Promise<pb.CreateResponse> {
    const inputs = take(request.getProperties());
    if (request.getPreview()) return new pb.CreateResponse().setProperties(give(inputs));
    this.count += 1;
    const own = { id: `made-${this.count}` };
    const { id, outputs } = await this.step("create", request.getUrn(), inputs, async ({ create }) =>
      create ? create(inputs) : { ...own, outputs: {} },
    );
    return new pb.CreateResponse().setId(id).setProperties(give({ ...inputs, ...outputs }));
  }

  private async read(request: pb.ReadRequest): Promise<pb.ReadResponse> {
    const inputs = take(request.getInputs());
    const { read } = this.kind(request.getUrn());
    const found = read ? await read(request.getId(), inputs) : inputs;
    if (!found) return new pb.ReadResponse();
    return new pb.ReadResponse().setId(request.getId()).setInputs(give(found)).setProperties(give(found));
  }

  private async update(request: pb.UpdateRequest): Promise<pb.UpdateResponse> {
    const inputs = take(request.getNews());
    if (!request.getPreview())
      await this.step("update", request.getUrn(), inputs, async ({ update }) => update?.(request.getId(), inputs));
    return new pb.UpdateResponse().setProperties(give({ ...take(request.getOlds()), ...inputs }));
  }

  private async delete(request: pb.DeleteRequest): Promise<Empty> {
    const inputs = take(request.getOldInputs());
    await this.step("delete", request.getUrn(), inputs, async (kind) => kind.delete?.(request.getId(), inputs));
    return new Empty();
  }

  private async step<T>(step: Step["step"], urn: string, inputs: Bag, work: (kind: Kind) => Promise<T>): Promise<T> {
    this.steps.push({ step, type: typeOf(urn), name: urn.split("::").at(-1) as string, inputs });
    this.running += 1;
    this.busiest = Math.max(this.busiest, this.running);
    try {
      return await work(this.kind(urn));
    } finally {
      this.running -= 1;
    }
  }
}

function typeOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) as string;
}

function take(struct: Struct | undefined): Bag {
  return fromStruct(struct, new Secrets());
}

function give(bag: Bag): Struct {
  return toStruct(bag, new Secrets());
}

function answer<Request, Response>(
  work: (request: Request) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return async ({ request }, callback) => {
    try {
      callback(null, await work(request));
    } catch (error) {
      callback({ code: grpc.status.UNKNOWN, message: error instanceof Error ? error.message : String(error) });
    }
  };
}
