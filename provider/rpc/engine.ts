import * as grpc from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

const severities = {
  debug: LogSeverity.DEBUG,
  info: LogSeverity.INFO,
  warning: LogSeverity.WARNING,
  error: LogSeverity.ERROR,
};

/** How long an engine that refuses connections is given to take one again. */
const patienceMilliseconds = 3000;

/** The engine that this plugin serves, as a place for words about a resource. */
export class Engine {
  #client: EngineClient | undefined;
  #sent: Promise<unknown> = Promise.resolve();

  /** @param address where the engine listens; without it (attached by hand) words go nowhere */
  connect(address: string | undefined): void {
    this.#client = address ? new EngineClient(address, grpc.credentials.createInsecure()) : undefined;
  }

  /** @param ephemeral shown in the live status column, and not kept */
  log(severity: keyof typeof severities, urn: string, message: string, ephemeral = false): void {
    const client = this.#client;
    if (!client) return;
    const request = new LogRequest();
    request.setSeverity(severities[severity]);
    request.setUrn(urn);
    request.setMessage(message);
    request.setEphemeral(ephemeral);
    // One after another, so that lines keep their order; words that do not arrive must not fail the work.
    this.#sent = this.#sent.then(() => new Promise<void>((resolve) => client.log(request, () => resolve())));
  }

  /** Resolves when everything said so far has arrived: an answer must not overtake its own log lines. */
  flushed(): Promise<unknown> {
    return this.#sent;
  }

  /** Calls back once the engine is gone (killed: it had no time to say so). */
  onGone(gone: () => void): void {
    const channel = this.#client?.getChannel();
    if (!channel) return;
    const { READY, TRANSIENT_FAILURE } = grpc.connectivityState;
    const watch = () => {
      const state = channel.getConnectivityState(true);
      if (state === READY) channel.watchConnectivityState(state, Number.POSITIVE_INFINITY, watch);
      else
        this.#client?.waitForReady(Date.now() + patienceMilliseconds, (error) => {
          // One that has not answered yet is slow: of one that was killed, the port refuses.
          if (error && channel.getConnectivityState(false) === TRANSIENT_FAILURE) gone();
          else watch();
        });
    };
    watch();
  }
}
