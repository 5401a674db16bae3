import { readFile } from "node:fs/promises";
import * as pulumi from "@pulumi/pulumi";
import { refuse, UserError } from "../errors";
import { applyObjects, loadSdk } from "../kubernetes";
import type { KubernetesObject } from "../kubernetes/object";
import type { CalicoSettings } from "./complete";
import { type Crds, definitions, releaseUrl } from "./crds";
import { addressPatch } from "./node-patches";

export interface CalicoDefinitionsArgs {
  crds: Crds;
  /** Calico's release, which the file is of when neither a URL nor a path is given. */
  version: string;
  file: "crds.yaml" | "operator-crds.yaml";
}

/**
 * The CustomResourceDefinitions of a Calico release. Whoever depends on this waits until all of them are there.
 *
 * @throws UserError when the file cannot be read, or is not the one that `sha256` names.
 */
export class CalicoDefinitions extends pulumi.ComponentResource {
  constructor(name: string, args: CalicoDefinitionsArgs, options: pulumi.ComponentResourceOptions) {
    super("podnet:index:CalicoDefinitions", name, args, options);
  }

  protected override async initialize(
    { crds, version, file }: CalicoDefinitionsArgs,
    _options?: pulumi.ComponentResourceOptions,
    name = "",
  ): Promise<void> {
    if (crds === "present") return;
    const source = crds.localPath ?? crds.url ?? releaseUrl(version, file);
    const text =
      crds.localPath === undefined ? await download(source) : await readFile(source, "utf8").catch(unreadable(source));
    const { objects, problems } = definitions(text, { sha256: crds.sha256, source });
    refuse("CalicoDefinitions", problems);
    applyObjects(name, objects, { parent: this });
  }
}

/** The one thing that a component fetches: what it shall be is known by its hash, and the cluster is not asked for it. */
async function download(url: string): Promise<string> {
  const response = await fetch(url).catch(unreadable(url));
  if (response.ok) return response.text();
  return unreadable(url)(new Error(`the server answers ${response.status} ${response.statusText}`));
}

function unreadable(source: string) {
  return (error: unknown): never => {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
    throw new UserError("CalicoDefinitions", [
      {
        path: "crds",
        value: source,
        rule: `the file of CustomResourceDefinitions cannot be read: ${reason}`,
        fix: "download it where you can, and say crds: { localPath, sha256 }",
      },
    ]);
  };
}

interface NodeClass {
  get(
    name: string,
    id: string,
    options: pulumi.CustomResourceOptions,
  ): { spec: pulumi.Output<{ podCIDRs?: string[] }> };
}

/** Each node's addresses as Calico reads them, where no calico-node writes them. The podCIDRs are Kubernetes' own. */
export function addressesOf(settings: CalicoSettings, options: pulumi.CustomResourceOptions): KubernetesObject[] {
  const { name, agent, nodes } = settings;
  if (agent.type !== "felix" || !nodes) return [];
  const { Node } = (loadSdk() as unknown as { core: { v1: { Node: NodeClass } } }).core.v1;
  return nodes.nodes.map((node) => {
    const found = Node.get(`${name}/${node.name}`, node.name, { parent: options.parent as pulumi.Resource });
    const annotations = found.spec.apply(
      ({ podCIDRs = [] }) => addressPatch(settings, node, podCIDRs).metadata.annotations ?? {},
    );
    const { metadata, ...patch } = addressPatch(settings, node, []);
    return { ...patch, metadata: { ...metadata, annotations: annotations as unknown as Record<string, string> } };
  });
}
