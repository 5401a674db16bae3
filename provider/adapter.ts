import type * as grpc from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Calls } from "./calls";
import { failuresOf } from "./checking";
import { type ProviderSettings, providerSettings } from "./provider-settings";
import type { ChangeKind, PropertyDiff, ResourceHandler } from "./resource";

/** What a plugin is besides the protocol. */
export interface Plugin {
  name: string;
  version: string;
  /** The type tokens of its resources, where they can be counted. */
  tokens: string[];
  /** @throws when there is no such resource */
  handlerOf(token: string): ResourceHandler;
}

/** The provider as the engine calls it. Only this file, calls.ts, serve.ts and rpc/ know protobuf. */
export function service(
  { name, version, tokens, handlerOf: ofToken }: Plugin,
  calls: Calls,
  engine: { attach(address: string): void; configured(settings: ProviderSettings): void; cancelled(): void },
): grpc.UntypedServiceImplementation {
  const handlerOf = (request: { getUrn(): string }) => ofToken(tokenOf(request.getUrn()));

  return {
    // Values arrive with their secret marks, and leave with them; see Secrets.
    handshake: calls.answer(() => new pb.ProviderHandshakeResponse().setAcceptSecrets(true)),
    getPluginInfo: calls.answer(() => new PluginInfo().setVersion(version)),
    attach: calls.answer((request: { getAddress(): string }) => {
      engine.attach(request.getAddress());
      return new Empty();
    }),
    getSchema: calls.answer(() => {
      const resources = Object.fromEntries(tokens.map((token) => [token, {}]));
      return new pb.GetSchemaResponse().setSchema(JSON.stringify({ name, version, resources }));
    }),
    checkConfig: calls.answer((request: pb.CheckRequest, { take, give, say }) => {
      // A project may be named podnet: its other settings are none of ours.
      const news = take(request.getNews());
      const kept = Object.entries(news).filter(([name]) => /^(version|__internal|sshConcurrency)$/.test(name));
      const failures = failuresOf(providerSettings, news).map(({ reason }) =>
        new pb.CheckFailure().setReason(say(reason)),
      );
      return new pb.CheckResponse().setInputs(give(Object.fromEntries(kept))).setFailuresList(failures);
    }),
    diffConfig: calls.answer(() => new pb.DiffResponse().setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE)),
    configure: calls.answer((request: pb.ConfigureRequest, { take }) => {
      engine.configured(providerSettings.parse(take(request.getArgs())));
      return new pb.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
    }),
    check: calls.answer((request: pb.CheckRequest, { take, give, say, context }) => {
      const previous = take(request.getOlds());
      const known = Object.keys(previous).length > 0 ? previous : undefined;
      const checked = handlerOf(request).check(known, take(request.getNews()), context(request.getUrn()));
      const failures = checked.failures.map(({ property, reason }) =>
        // The path within the words: beside a property the engine prints its value in Go's words, secret or not.
        new pb.CheckFailure().setReason(say(property ? `${property}: ${reason}` : reason)),
      );
      return new pb.CheckResponse().setInputs(give(checked.inputs)).setFailuresList(failures);
    }),
    diff: calls.answer((request: pb.DiffRequest, { take, context }) => {
      const [inputs, outputs, wanted] = [request.getOldInputs(), request.getOlds(), request.getNews()].map(take);
      return diffResponse(
        handlerOf(request).diff(inputs ?? {}, outputs ?? {}, wanted ?? {}, context(request.getUrn())),
      );
    }),
    create: calls.answer(async (request: pb.CreateRequest, { take, give, context }) => {
      const wanted = take(request.getProperties());
      const made = await handlerOf(request).create(wanted, context(request.getUrn(), request.getPreview()));
      return new pb.CreateResponse().setId(made.id).setProperties(give(made.outputs));
    }),
    read: calls.answer(async (request: pb.ReadRequest, { take, give, context }) => {
      const [inputs, outputs] = [take(request.getInputs()), take(request.getProperties())];
      const found = await handlerOf(request).read(request.getId(), inputs, outputs, context(request.getUrn()));
      const response = new pb.ReadResponse();
      return found
        ? response.setId(found.id).setInputs(give(found.inputs)).setProperties(give(found.outputs))
        : response;
    }),
    update: calls.answer(async (request: pb.UpdateRequest, { take, give, context }) => {
      const [inputs, outputs] = [take(request.getOldInputs()), take(request.getOlds())];
      const where = context(request.getUrn(), request.getPreview());
      const changed = await handlerOf(request).update(request.getId(), inputs, outputs, take(request.getNews()), where);
      return new pb.UpdateResponse().setProperties(give(changed.outputs));
    }),
    delete: calls.answer(async (request: pb.DeleteRequest, { take, context }) => {
      const [inputs, outputs] = [take(request.getOldInputs()), take(request.getProperties())];
      await handlerOf(request).delete(request.getId(), inputs, outputs, context(request.getUrn()));
      return new Empty();
    }),
    cancel: calls.answer(() => {
      calls.cancel();
      engine.cancelled();
      return new Empty();
    }),
  };
}

/** The type of a resource, the last of those of its parents and itself. */
export function tokenOf(urn: string): string {
  return urn.split("::")[2]?.split("$").at(-1) ?? "";
}

const diffKinds: Record<ChangeKind, pb.PropertyDiff.Kind> = {
  add: pb.PropertyDiff.Kind.ADD,
  update: pb.PropertyDiff.Kind.UPDATE,
  delete: pb.PropertyDiff.Kind.DELETE,
  replace: pb.PropertyDiff.Kind.UPDATE_REPLACE,
};

function diffResponse(changes: PropertyDiff): pb.DiffResponse {
  const response = new pb.DiffResponse();
  const paths = Object.keys(changes);
  const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
  response.setChanges(paths.length > 0 ? DIFF_SOME : DIFF_NONE).setHasdetaileddiff(true);
  for (const [path, kind] of Object.entries(changes))
    response.getDetaileddiffMap().set(path, new pb.PropertyDiff().setKind(diffKinds[kind]).setInputdiff(true));
  const replaced = paths.filter((path) => changes[path] === "replace");
  // Two of them would stand in each other's way: what is replaced is on the same machine under the same names.
  response.setDeletebeforereplace(replaced.length > 0);
  return response.setDiffsList(properties(paths)).setReplacesList(properties(replaced));
}

/** The properties that paths lead into. */
function properties(paths: string[]): string[] {
  return [...new Set(paths.map((path) => path.split(/[.[]/)[0] ?? path))];
}
