import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { type Properties, unknown } from "../resource";
import type { Path, Secrets } from "./secrets";

// How the engine writes what JSON has no word for (sdk/go/common/resource/properties.go and plugin/rpc.go).
const unknownText = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const signature = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** Takes protobuf off. What is marked as secret is unwrapped, and remembered in `secrets`. */
export function fromStruct(struct: Struct | undefined, secrets: Secrets): Properties {
  return struct ? (incoming(struct.toJavaScript(), [], secrets) as Properties) : {};
}

/** Puts protobuf on. What is, or contains, one of `secrets` is marked again. */
export function toStruct(properties: Properties, secrets: Secrets): Struct {
  return Struct.fromJavaScript(
    members(properties, (member, name) => outgoing(member, [name], secrets)) as Parameters<
      typeof Struct.fromJavaScript
    >[0],
  );
}

function incoming(value: unknown, path: Path, secrets: Secrets): unknown {
  if (value === unknownText) return unknown;
  if (isSecret(value)) {
    const inner = incoming(value.value, path, secrets);
    secrets.add(path, inner);
    return inner;
  }
  return members(value, (member, name) => incoming(member, [...path, name], secrets));
}

function outgoing(value: unknown, path: Path, secrets: Secrets): unknown {
  if (secrets.marks(path, value)) return { [signature]: secretSignature, value: plain(value) };
  if (value === unknown) return unknownText;
  return members(value, (member, name) => outgoing(member, [...path, name], secrets));
}

function plain(value: unknown): unknown {
  return value === unknown ? unknownText : members(value, plain);
}

function isSecret(value: unknown): value is { value: unknown } {
  return typeof value === "object" && value !== null && (value as Properties)[signature] === secretSignature;
}

/** Members that are undefined are left out: a property bag cannot hold them. */
function members(value: unknown, convert: (member: unknown, name: string | number) => unknown): unknown {
  if (Array.isArray(value)) return value.map(convert);
  if (typeof value !== "object" || value === null) return value;
  const present = Object.entries(value).filter(([, member]) => member !== undefined);
  return Object.fromEntries(present.map(([name, member]) => [name, convert(member, name)]));
}
