import * as pulumi from "@pulumi/pulumi";
import { refuse } from "../errors";
import { applyObjects, loadSdk } from "../kubernetes";
import { definitionsText } from "../kubernetes/fetched";
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
    const subject = `CalicoDefinitions "${name}"`;
    const { localPath, url = releaseUrl(version, file) } = crds;
    const fix = "download it where you can, and say crds: { localPath, sha256 }";
    const { text, source } = await definitionsText(subject, localPath === undefined ? { url } : { localPath }, fix);
    const { objects, problems } = definitions(text, { sha256: crds.sha256, source });
    refuse(subject, problems);
    applyObjects(name, objects, { parent: this });
  }
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
