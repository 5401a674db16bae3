import { createTwoFilesPatch } from "diff";
import type { Properties } from "./digest";
import type { NodeChange } from "./nodes";
import type { FileChange } from "./review";
import { secret } from "./secrets";

/** What differs in a node's texts. Of nodes that come or go no text is shown: all of it is as the network's others. */
export function fileChanges(nodes: readonly NodeChange[]): FileChange[] {
  const changes = nodes
    .filter(({ action }) => action === "update" || action === "replace")
    .flatMap(({ node, before, after }) => differing(textsOf(before), textsOf(after)).map((one) => ({ node, ...one })));
  const alike = Map.groupBy(changes, ({ path, patch }) => `${path}\n${patch && withoutAddresses(patch)}`);
  return [...alike.values()].map((group) => {
    const [{ path, patch }] = group as [(typeof changes)[number]];
    return { path, patch, nodes: group.map(({ node }) => node) };
  });
}

function differing(before: Map<string, string>, after: Map<string, string>) {
  const paths = [...new Set([...before.keys(), ...after.keys()])].sort();
  return paths
    .filter((path) => before.get(path) !== after.get(path))
    .map((path) => ({ path, patch: patchOf(path, before.get(path), after.get(path)) }));
}

/** What was not secret and becomes so is not shown either: it is what the secret was. */
function patchOf(path: string, before: string | undefined, after: string | undefined): string | undefined {
  if ([before, after].some((text) => text?.includes(secret))) return undefined;
  const [from, to] = [before === undefined ? "/dev/null" : path, after === undefined ? "/dev/null" : path];
  const patch = createTwoFilesPatch(from, to, before ?? "", after ?? "", undefined, undefined, { context: 2 });
  return patch.slice(patch.indexOf("--- "));
}

function textsOf(properties: Properties | undefined): Map<string, string> {
  const state = (properties?.state ?? {}) as Record<string, Record<string, unknown>[] | undefined>;
  const named = (kind: string, name: string, text: string, words = "") =>
    (Array.isArray(state[kind]) ? state[kind] : [])
      .filter((one) => typeof one[text] === "string")
      .map((one) => [`${words}${String(one[name])}`, String(one[text])] as const);
  return new Map([
    ...named("files", "path", "content"),
    ...named("units", "name", "content", "unit "),
    ...named("nftables", "table", "ruleset", "nftables table "),
  ]);
}

function withoutAddresses(text: string): string {
  return text.replaceAll(/\b\d+(\.\d+){3}(\/\d+)?\b|\b[0-9a-f]{1,4}(::?[0-9a-f]{0,4}){2,7}(\/\d+)?/g, "address");
}
