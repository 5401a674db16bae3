import { z } from "zod";

/** Labels of pods or of namespaces, all of which must be there. */
export type Labels = Record<string, string>;

/** The label that every namespace has since Kubernetes 1.22: its own name. */
export const nameLabel = "kubernetes.io/metadata.name";

const key = /^([a-z0-9]([-a-z0-9.]*[a-z0-9])?\/)?[A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?$/;
const value = /^([A-Za-z0-9]([-\w.]{0,61}[A-Za-z0-9])?)?$/;

/** Labels as Kubernetes takes them. */
export const labels = z
  .record(
    z.string().regex(key, 'a label\'s key, such as "app" or "app.kubernetes.io/name"'),
    z.string().regex(value, "a label's value: at most 63 letters, digits and characters of -_."),
  )
  .refine((one) => Object.keys(one).length > 0, "name at least one label; leave it out to mean all");

/** A namespace's name. */
export const namespaceName = z
  .string()
  .regex(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, "a namespace: 1 to 63 lower-case letters, digits and dashes");

/** "app=web, tier=front", for people to read. */
export function labelText(wanted: Labels): string {
  return Object.entries(wanted)
    .map(([name, text]) => `${name}=${text}`)
    .join(", ");
}
