import { type ChildProcessByStdio, spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import * as grpc from "@grpc/grpc-js";
import { EngineService } from "@pulumi/pulumi/proto/engine_grpc_pb";
import type { LogRequest } from "@pulumi/pulumi/proto/engine_pb";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";

export const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** As the engine marks a secret. */
export function secret(value: unknown) {
  return { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value };
}

export interface Said {
  urn: string;
  message: string;
  severity: number;
  ephemeral: boolean;
}

type Bag = Record<string, unknown>;

/** The real plugin process, spoken to as the engine speaks to it, by an engine that only writes down what it is told. */
export class Plugin {
  readonly said: Said[] = [];
  private readonly engine = new grpc.Server();
  private process!: ChildProcessByStdio<null, Readable, Readable>;
  client!: ResourceProviderClient;

  /** @param environment on top of this process's own */
  static async start(environment: Record<string, string> = {}): Promise<Plugin> {
    const plugin = new Plugin();
    plugin.engine.addService(EngineService, {
      log: ({ request }: { request: LogRequest }, callback: (error: null, empty: Empty) => void) => {
        const { urn, message, severity, ephemeral } = request.toObject();
        plugin.said.push({ urn, message, severity, ephemeral });
        callback(null, new Empty());
      },
    });
    const bound = Promise.withResolvers<number>();
    plugin.engine.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) =>
      error ? bound.reject(error) : bound.resolve(port),
    );
    const path = join(__dirname, "../../provider/plugin/pulumi-resource-podnet");
    plugin.process = spawn(path, [`127.0.0.1:${await bound.promise}`], {
      env: { ...process.env, ...environment },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let complaints = "";
    plugin.process.stderr.on("data", (chunk) => {
      complaints += chunk;
    });
    const [port] = (await Promise.race([
      once(createInterface(plugin.process.stdout), "line"),
      once(plugin.process, "exit").then(() => Promise.reject(new Error(complaints))),
    ])) as [string];
    plugin.client = new ResourceProviderClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
    // As the engine does: on a loaded machine the first connection may be refused before the plugin serves.
    await promisify(plugin.client.waitForReady).call(plugin.client, Date.now() + 60_000);
    return plugin;
  }

  call<Request, Response>(
    method: (request: Request, callback: (error: grpc.ServiceError | null, response: Response) => void) => unknown,
    request: Request,
  ): Promise<Response> {
    return new Promise((resolve, reject) => {
      method.call(this.client, request, (error, response) => (error ? reject(error) : resolve(response)));
    });
  }

  async check(type: string, olds: Bag, news: Bag) {
    const request = new pb.CheckRequest().setUrn(urnOf(type)).setOlds(struct(olds)).setNews(struct(news));
    const response = await this.call<pb.CheckRequest, pb.CheckResponse>(this.client.check, request);
    return { inputs: bag(response.getInputs()), failures: response.getFailuresList().map((one) => one.getReason()) };
  }

  async diff(type: string, inputs: Bag, outputs: Bag, news: Bag) {
    const request = new pb.DiffRequest()
      .setUrn(urnOf(type))
      .setOldInputs(struct(inputs))
      .setOlds(struct(outputs))
      .setNews(struct(news));
    const response = await this.call<pb.DiffRequest, pb.DiffResponse>(this.client.diff, request);
    const kinds = Object.fromEntries(
      response
        .getDetaileddiffMap()
        .toArray()
        .map(([path, detail]) => [path, (detail as unknown as [number])[0] ?? 0]),
    );
    return { changes: response.getChanges(), paths: Object.keys(kinds), replaces: response.getReplacesList() };
  }

  async create(type: string, wanted: Bag, preview = false) {
    const request = new pb.CreateRequest().setUrn(urnOf(type)).setProperties(struct(wanted)).setPreview(preview);
    const response = await this.call<pb.CreateRequest, pb.CreateResponse>(this.client.create, request);
    return { id: response.getId(), outputs: bag(response.getProperties()) };
  }

  async update(type: string, inputs: Bag, outputs: Bag, wanted: Bag, preview = false) {
    const request = new pb.UpdateRequest()
      .setUrn(urnOf(type))
      .setOldInputs(struct(inputs))
      .setOlds(struct(outputs))
      .setNews(struct(wanted))
      .setPreview(preview);
    const response = await this.call<pb.UpdateRequest, pb.UpdateResponse>(this.client.update, request);
    return bag(response.getProperties());
  }

  async read(type: string, id: string, inputs: Bag, outputs: Bag) {
    const request = new pb.ReadRequest()
      .setUrn(urnOf(type))
      .setId(id)
      .setInputs(struct(inputs))
      .setProperties(struct(outputs));
    const response = await this.call<pb.ReadRequest, pb.ReadResponse>(this.client.read, request);
    return { id: response.getId(), inputs: bag(response.getInputs()), outputs: bag(response.getProperties()) };
  }

  async delete(type: string, id: string, inputs: Bag, outputs: Bag): Promise<void> {
    const request = new pb.DeleteRequest()
      .setUrn(urnOf(type))
      .setId(id)
      .setOldInputs(struct(inputs))
      .setProperties(struct(outputs));
    await this.call<pb.DeleteRequest, Empty>(this.client.delete, request);
  }

  cancel(): Promise<Empty> {
    return this.call<Empty, Empty>(this.client.cancel, new Empty());
  }

  signal(name: NodeJS.Signals): void {
    this.process.kill(name);
  }

  /** The engine dies without a word. */
  loseEngine(): void {
    this.engine.forceShutdown();
  }

  async exit(): Promise<number | null> {
    if (this.process.exitCode !== null) return this.process.exitCode;
    const [code] = (await once(this.process, "exit")) as [number | null];
    return code;
  }

  stop(): void {
    this.process.kill();
    this.engine.forceShutdown();
    this.client.close();
  }
}

export function urnOf(type: string): string {
  return `urn:pulumi:stack::project::podnet:index:Parent$podnet:index:${type}::it`;
}

function struct(values: Bag): Struct {
  return Struct.fromJavaScript(values as Parameters<typeof Struct.fromJavaScript>[0]);
}

function bag(values: Struct | undefined): Bag {
  return (values?.toJavaScript() ?? {}) as Bag;
}
