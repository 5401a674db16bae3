import type { Properties } from "../../../provider/resource";

/** An object of the Kubernetes API: as a program wants it, or as the API server has it. */
export interface KubernetesObject extends Properties {
  apiVersion: string;
  kind: string;
  metadata: Metadata;
  spec?: Properties;
  status?: Properties;
}

/** Which object is meant. */
export interface Place {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string };
}

interface Metadata extends Properties {
  name: string;
  namespace?: string;
  uid?: string;
  generation?: number;
  annotations?: Record<string, string>;
  labels?: Record<string, string>;
}

/** "kubernetes:apps/v1:DaemonSet" or "kubernetes:core/v1:ConfigMap" as the API names it. */
export function typeOf(token: string): { apiVersion: string; kind: string } {
  const [, apiVersion = "", kind = ""] = token.split(":");
  return { apiVersion: apiVersion.replace(/^core\//, ""), kind };
}

/** What the resource is known by: "namespace/name", or the name alone of an object without a namespace. */
export function idOf({ metadata }: KubernetesObject): string {
  return metadata.namespace ? `${metadata.namespace}/${metadata.name}` : metadata.name;
}

export function placeOf(id: string): { name: string; namespace?: string } {
  const [first = "", second] = id.split("/");
  return second === undefined ? { name: first } : { namespace: first, name: second };
}

export function isMap(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The API server's own record of who set what is of no use in a stack's state. */
export function withoutManagers(object: KubernetesObject): KubernetesObject {
  const { managedFields: _, ...metadata } = object.metadata;
  return { ...object, metadata };
}
