import { isDeepStrictEqual } from "node:util";
import * as pb from "@pulumi/pulumi/proto/provider_pb";
import type { Properties } from "../../../provider/resource";
import { serve } from "../../../provider/serve";
import { Api } from "./api";
import { type ClusterChoice, Connection } from "./connection";
import { objects } from "./objects";

// Stands in, in the lab, for the Kubernetes provider where that cannot be downloaded: applies the same inputs.

/** The version of @pulumi/kubernetes whose inputs it knows. */
const version = "4.34.2";

let choice: ClusterChoice = {};
let api: Api | undefined;
const handler = objects(() => {
  if (!api) {
    const connection = new Connection(choice);
    api = new Api(connection, choice.namespace ?? connection.namespace);
  }
  return api;
});

serve(
  { name: "kubernetes", version, tokens: [], handlerOf: () => handler },
  {
    own: (calls) => ({
      checkConfig: calls.answer((request: pb.CheckRequest, { take, give }) => {
        const settings = take(request.getNews());
        const response = new pb.CheckResponse().setInputs(give(settings));
        return response.setFailuresList(refusals(settings).map((reason) => new pb.CheckFailure().setReason(reason)));
      }),
      diffConfig: calls.answer((request: pb.DiffRequest, { take }) => {
        const { DIFF_SOME, DIFF_NONE } = pb.DiffResponse.DiffChanges;
        const same = isDeepStrictEqual(take(request.getOldInputs() ?? request.getOlds()), take(request.getNews()));
        return new pb.DiffResponse().setChanges(same ? DIFF_NONE : DIFF_SOME);
      }),
      configure: calls.answer((request: pb.ConfigureRequest, { take }) => {
        choice = take(request.getArgs()) as ClusterChoice;
        return new pb.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
      }),
    }),
  },
);

/** Settings of the real provider that this one would silently not follow. */
function refusals(settings: Properties): string[] {
  const unheard = ["renderYamlToDirectory", "helmReleaseSettings", "clusterIdentifier"].filter(
    (name) => settings[name],
  );
  const sentences = unheard.map(
    (name) => `the lab's stand-in for the Kubernetes provider has no ${name}; leave it out`,
  );
  if (String(settings.enableServerSideApply ?? true) === "false")
    sentences.push(
      "the lab's stand-in for the Kubernetes provider applies on the server's side only; leave enableServerSideApply out",
    );
  return sentences;
}
