import { isMap } from "./object";

// @pulumi/kubernetes writes the few names of the API that are no words of a program, such as
// "x-kubernetes-preserve-unknown-fields" in a CustomResourceDefinition, with underscores.

export const toWire = renamed((name) => (name.startsWith("x_kubernetes_") ? name.replaceAll("_", "-") : name));
export const fromWire = renamed((name) => (name.startsWith("x-kubernetes-") ? name.replaceAll("-", "_") : name));

function renamed(rename: (name: string) => string) {
  return function convert(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(convert);
    if (!isMap(value)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [rename(name), convert(member)]));
  };
}
