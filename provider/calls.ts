import type * as grpc from "@grpc/grpc-js";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import type { Context, Properties } from "./resource";
import type { Engine } from "./rpc/engine";
import { serviceError, told } from "./rpc/failure";
import { Secrets } from "./rpc/secrets";
import { fromStruct, toStruct } from "./rpc/values";

/** One call of the engine: what came in it as a secret leaves it only as one. */
export interface Exchange {
  take(struct: Struct | undefined): Properties;
  give(properties: Properties): Struct;
  /** Words for people, without secrets. */
  say(words: string): string;
  context(urn: string, preview?: boolean): Context;
}

type Unary<Request, Response> = (
  call: grpc.ServerUnaryCall<Request, Response>,
  callback: grpc.sendUnaryData<Response>,
) => void;

/** All calls of one engine, from the first to Ctrl-C. */
export class Calls {
  readonly #cancelled = new AbortController();
  #running = 0;
  #idle: (() => void)[] = [];

  constructor(private readonly engine: Engine) {}

  answer<Request, Response>(
    work: (request: Request, exchange: Exchange) => Response | Promise<Response>,
  ): Unary<Request, Response> {
    return async ({ request }, callback) => {
      const secrets = new Secrets();
      this.#running += 1;
      try {
        const response = await work(request, this.#exchange(secrets));
        await this.engine.flushed();
        callback(null, response);
      } catch (error) {
        // A fault of ours: the engine shows what a plugin says on stderr when it logs in detail.
        if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
          process.stderr.write(`${secrets.redact(error.stack ?? "")}\n`);
        await this.engine.flushed();
        callback(serviceError(error, secrets));
      } finally {
        this.#running -= 1;
        if (this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
      }
    };
  }

  cancel(): void {
    this.#cancelled.abort(new Error("cancelled"));
  }

  /** Resolves once no call is being worked on, at the latest after so many seconds. */
  async idle(seconds: number): Promise<void> {
    if (this.#running === 0) return;
    await new Promise<void>((resolve) => {
      this.#idle.push(resolve);
      setTimeout(resolve, seconds * 1000).unref();
    });
  }

  #exchange(secrets: Secrets): Exchange {
    return {
      take: (struct) => fromStruct(struct, secrets),
      give: (properties) => toStruct(properties, secrets),
      say: (words) => told(words, secrets),
      context: (urn, preview = false) => ({
        urn,
        preview,
        signal: this.#cancelled.signal,
        log: (severity, message) => this.engine.log(severity, urn, told(message, secrets)),
        status: (message) => this.engine.log("info", urn, told(message, secrets), true),
      }),
    };
  }
}
