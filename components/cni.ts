import { z } from "zod";
import { content, isFromOnePlace, onePlace } from "./node/content";
import { unitPath } from "./node/words";

/** A binary or another file of a release: from a URL, or from beside the program. */
export const artifact = z.strictObject(content).refine(isFromOnePlace, onePlace);

/** The CNI plugins on the nodes and their configuration. */
export const cni = z.strictObject({
  /** Version of the CNI specification that the configuration is written in. @default "1.0.0" */
  version: z.enum(["0.3.1", "0.4.0", "1.0.0", "1.1.0"]).default("1.0.0"),
  /**
   * Version of the CNI plugins on the nodes. A plugin ignores a field that it does not know without a word, so a field
   * that came later than this version is refused.
   * @default "1.1.1", Debian 12's
   */
  pluginVersion: z
    .string()
    .regex(/^\d+\.\d+\.\d+$/, 'a version such as "1.1.1"')
    .default("1.1.1"),
  /** Where the container runtime looks for configurations. @default "/etc/cni/net.d" */
  directory: unitPath.default("/etc/cni/net.d"),
  /** Where the plugins are. @default "/opt/cni/bin" */
  binaries: unitPath.default("/opt/cni/bin"),
  /** The runtime takes the first file in alphabetical order. @default "10-podnet-NAME.conflist" */
  fileName: z
    .string()
    .regex(/^[\w.-]+\.conflist$/, 'a file name that ends in ".conflist"')
    .optional(),
  /**
   * Plugins that podnet puts on the nodes, by name: from a URL that the node fetches, or from a file beside the program.
   * @default {} (they are there already)
   */
  artifacts: z.record(z.string().regex(/^[\w-]+$/, "a plugin's name"), artifact).default({}),
  /** The bridge hears all frames, so that pods can reach themselves by a service address; excludes `hairpin`. @default false */
  promiscMode: z.boolean().default(false),
  /** Drop frames with another source MAC than the pod's; needs nft on the node. @default false */
  macspoofchk: z.boolean().default(false),
  /** Wait for IPv6 duplicate address detection in the pod. @default false */
  enabledad: z.boolean().default(false),
  /** Pods of one node cannot talk to each other, only to the gateway. @default false */
  portIsolation: z.boolean().default(false),
});

export type Cni = z.output<typeof cni>;

/** The release of the CNI plugins in which a field of the bridge plugin appeared (their bridge.go, release by release). */
export const fieldSince: Partial<Record<keyof Cni, string>> = {
  macspoofchk: "1.1.0",
  enabledad: "1.1.0",
  portIsolation: "1.7.0",
};

/** The release of the CNI plugins that first spoke a version of the specification. */
export const specificationSince: Record<Cni["version"], string> = {
  "0.3.1": "0.6.0",
  "0.4.0": "0.8.0",
  "1.0.0": "1.0.0",
  "1.1.0": "1.6.0",
};

/** Whether a release is older than another. */
export function isOlder(version: string, other: string): boolean {
  const [left, right] = [version, other].map((one) => one.split(".").map(Number));
  const index = (left ?? []).findIndex((number, position) => number !== right?.[position]);
  return index >= 0 && Number(left?.[index]) < Number(right?.[index]);
}
