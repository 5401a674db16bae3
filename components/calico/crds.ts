import { createHash } from "node:crypto";
import { parseAllDocuments } from "yaml";
import { z } from "zod";
import type { Problem } from "../addresses/problem";
import type { KubernetesObject } from "../kubernetes/object";
import { sha256 } from "../node/words";

/**
 * The file with Calico's CustomResourceDefinitions of the release that `version` names, or `"present"` when somebody
 * else keeps them. podnet ships no copy: they are of the release, and change with it.
 */
export const crds = z.union([
  z.literal("present"),
  z
    .strictObject({
      /** SHA-256 of the file, in hexadecimal digits: `sha256sum`, where you trust the file. */
      sha256,
      /** @default the release's manifests/crds.yaml (operator-crds.yaml for the operator) on GitHub */
      url: z.url({ protocol: /^https?$/ }).optional(),
      /** Path of the file beside the program, in the place of `url`. */
      localPath: z.string().min(1).optional(),
    })
    .refine(({ url, localPath }) => url === undefined || localPath === undefined, "give either url or localPath"),
]);

export type Crds = z.output<typeof crds>;

/** Where the release keeps the file. */
export function releaseUrl(version: string, file: "crds.yaml" | "operator-crds.yaml"): string {
  return `https://raw.githubusercontent.com/projectcalico/calico/${version}/manifests/${file}`;
}

/** The definitions in a release's file, or what is wrong with it. Anything else in the file is left alone. */
export function definitions(
  text: string,
  { sha256, source }: { sha256: string; source: string },
): { objects: KubernetesObject[]; problems: Problem[] } {
  const found = createHash("sha256").update(text).digest("hex");
  if (found !== sha256) {
    const rule = `${source} has the SHA-256 ${found}, and crds.sha256 is ${sha256}`;
    return {
      objects: [],
      problems: [{ path: "crds.sha256", rule, fix: "compare with the release, and correct one of them" }],
    };
  }
  const documents = parseAllDocuments(text).map((document) => document.toJS() as Partial<KubernetesObject> | null);
  const objects = documents.filter((one): one is KubernetesObject => one?.kind === "CustomResourceDefinition");
  const problems =
    objects.length > 0
      ? []
      : [{ path: "crds", rule: `${source} holds no CustomResourceDefinition`, fix: "name the release's file of them" }];
  return { objects: objects.map(withoutStatus), problems };
}

/** Generated files carry an empty status, which only the API server may write. */
function withoutStatus({ status: _, ...rest }: KubernetesObject): KubernetesObject {
  return rest as KubernetesObject;
}
