import { z } from "zod";
import { aliVpc, alloc, awsVpc, gce } from "./alloc";
import { extension } from "./extension";
import { hostGw } from "./host-gw";
import { ipip } from "./ipip";
import { ipsec } from "./ipsec";
import type { BackendKind } from "./kind";
import { tencentVpc } from "./tencent-vpc";
import { udp } from "./udp";
import { vxlan } from "./vxlan";
import { wireguard } from "./wireguard";

const kinds = {
  vxlan,
  "host-gw": hostGw,
  wireguard,
  ipip,
  ipsec,
  udp,
  alloc,
  "aws-vpc": awsVpc,
  gce,
  "ali-vpc": aliVpc,
  "tencent-vpc": tencentVpc,
  extension,
};

/** How packets get from node to node: a backend's name, and its own options. */
export const backend = z.discriminatedUnion("type", [
  vxlan.schema,
  hostGw.schema,
  wireguard.schema,
  ipip.schema,
  ipsec.schema,
  udp.schema,
  alloc.schema,
  awsVpc.schema,
  gce.schema,
  aliVpc.schema,
  tencentVpc.schema,
  extension.schema,
]);
export type Backend = z.output<typeof backend>;

export function kindOf({ type }: Backend): BackendKind {
  return kinds[type] as unknown as BackendKind;
}

/** Backends whose routes somebody else makes: packets flow once they are there, and not before. */
export function isRoutedByOthers({ type }: Backend): boolean {
  return kinds[type].flannelType === "alloc";
}

/** The pre-shared key of a backend that has one. */
export function pskOf(options: Backend): unknown {
  return "psk" in options ? options.psk : undefined;
}

/** A cloud's keys, by the variables that flanneld reads them from. */
export function cloudKeysOf(options: Backend): Record<string, unknown> {
  if (options.type !== "tencent-vpc" || options.accessKeyId === undefined) return {};
  return { ACCESS_KEY_ID: options.accessKeyId, ACCESS_KEY_SECRET: options.accessKeySecret };
}
