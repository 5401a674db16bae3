import * as grpc from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { type Plugin, service } from "./adapter";
import { Calls } from "./calls";
import type { ProviderSettings } from "./provider-settings";
import { Engine } from "./rpc/engine";

/** What work that was cancelled is given to clean up after itself. */
const graceSeconds = 10;

interface Surroundings {
  /** What the user said of the plugin itself. */
  configured?(settings: ProviderSettings): void;
  /** Called when no call is worked on any more. */
  close?(): void;
  /** Calls that this plugin answers in its own way. */
  own?(calls: Calls): grpc.UntypedServiceImplementation;
}

/** Runs a plugin: started by the engine with its own address, it says on stdout at which port it serves. */
export function serve(
  plugin: Plugin,
  { configured = () => undefined, close = () => undefined, own = () => ({}) }: Surroundings = {},
): void {
  const engine = new Engine();
  const calls = new Calls(engine);

  async function finish(): Promise<void> {
    await calls.idle(graceSeconds);
    close();
  }

  /** An engine that was killed cannot take an answer any more: end as after Ctrl-C, and do not stay behind. */
  function follow(address: string | undefined): void {
    engine.connect(address);
    engine.onGone(() => {
      calls.cancel();
      void finish().finally(() => process.exit(1));
    });
  }

  follow(process.argv[2]);
  const server = new grpc.Server({ "grpc.max_receive_message_length": 400 * 1024 * 1024 });
  const common = service(plugin, calls, { attach: follow, configured, cancelled: () => void finish() });
  server.addService(ResourceProviderService, { ...common, ...own(calls) });
  server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
    if (error) throw error;
    process.stdout.write(`${port}\n`);
  });
}
