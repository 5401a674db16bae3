import * as pulumi from "@pulumi/pulumi";
import { UserError } from "../errors";
import { sha256 } from "../node/kinds/file";
import type { KubernetesObject } from "./object";
import { stages } from "./order";

/** Pulumi's own package for Kubernetes, as far as objects need it. */
interface Sdk {
  apiextensions: { CustomResource: ResourceClass };
}
type ResourceClass = new (name: string, args: object, options?: pulumi.CustomResourceOptions) => pulumi.CustomResource;

/**
 * Applies objects by the Kubernetes provider of the component (`{ provider }`, or the default one), stage after stage,
 * as children whose names begin with the component's: "pods/kube-flannel/kube-flannel-ds".
 *
 * @throws UserError when the package @pulumi/kubernetes is not installed.
 */
export function applyObjects(
  name: string,
  objects: readonly KubernetesObject[],
  options: pulumi.CustomResourceOptions,
): pulumi.CustomResource[] {
  const sdk = loadSdk();
  let after = [options.dependsOn ?? []].flat() as pulumi.Resource[];
  return stages(objects).flatMap((stage) => {
    const applied = stage.map((object) => {
      const Kind = classOf(sdk, object);
      return new Kind(childName(name, object), object, { ...options, dependsOn: after });
    });
    after = applied;
    return applied;
  });
}

/** Another value when one of the objects changed: what is to be proven again after them is triggered by it. */
export function fingerprint(objects: readonly KubernetesObject[]): pulumi.Output<string> {
  return pulumi.unsecret(pulumi.output(objects).apply((known) => sha256(JSON.stringify(known))));
}

function childName(component: string, { metadata }: KubernetesObject): string {
  return [component, metadata.namespace, metadata.name].filter((part) => part !== undefined).join("/");
}

/**
 * The package's own class of a kind, whose type the provider knows under its API group ("kubernetes:core/v1:ConfigMap");
 * kinds that it does not know are custom resources.
 */
function classOf(sdk: Sdk, { apiVersion, kind }: KubernetesObject): ResourceClass {
  const [group, version] = apiVersion.includes("/") ? apiVersion.split("/") : ["core", apiVersion];
  const [module = ""] = (group as string).split(".");
  const own = group === module || group?.endsWith(".k8s.io") ? (sdk as never)[module] : undefined;
  const versions = own as Record<string, Record<string, ResourceClass> | undefined> | undefined;
  return versions?.[version as string]?.[kind] ?? sdk.apiextensions.CustomResource;
}

/** Only whoever makes a network with objects needs the package, and waits the second that loading it takes. */
export function loadSdk(load: () => unknown = () => require("@pulumi/kubernetes")): Sdk {
  try {
    return load() as Sdk;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "MODULE_NOT_FOUND") throw error;
    const rule = "this network has Kubernetes objects, and the package @pulumi/kubernetes that applies them is missing";
    throw new UserError("podnet", [{ path: "", rule, fix: "npm install @pulumi/kubernetes" }]);
  }
}
