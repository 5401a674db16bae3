import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { printable } from "../../components/node/printable";
import { PartialFailure } from "../resource";
import type { Secrets } from "./secrets";
import { toStruct } from "./values";

/** Words as they may leave for the engine: without secrets, and without what a terminal would act on. */
export function told(words: string, secrets: Secrets): string {
  return printable(secrets.redact(words), longest);
}

/** Characters of one error or line: what a thousand problems of a document take, and no node can fill a log. */
const longest = 100_000;

/** An error as gRPC carries it: its message, without a stack; of a partial failure also what there is of the resource. */
export function serviceError(error: unknown, secrets: Secrets): Partial<grpc.StatusObject> {
  const message = told(error instanceof Error ? error.message : String(error), secrets);
  const failed = { code: grpc.status.UNKNOWN, details: message };
  return error instanceof PartialFailure ? { ...failed, metadata: partial(error, message, secrets) } : failed;
}

function partial(error: PartialFailure, message: string, secrets: Secrets): grpc.Metadata {
  const detail = new ErrorResourceInitFailed();
  detail.setId(error.id);
  detail.setProperties(toStruct(error.outputs, secrets));
  detail.setReasonsList(error.reasons.map((reason) => told(reason, secrets)));
  if (error.inputs) detail.setInputs(toStruct(error.inputs, secrets));
  const any = new Any();
  any.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(grpc.status.UNKNOWN);
  status.setMessage(message);
  status.addDetails(any);
  const metadata = new grpc.Metadata();
  // gRPC's own place for structured errors; grpc-js leaves filling it to us.
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return metadata;
}
