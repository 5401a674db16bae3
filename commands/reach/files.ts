import { globSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { parseAllDocuments } from "yaml";
import type { Found } from "../../components/policy/reach/read-objects";

/**
 * Every object in files and folders (their .yaml, .yml and .json), from documents and Lists; "-" is stdin.
 *
 * @throws Error with every file and document that cannot be read
 */
export function readManifests(paths: readonly string[]): Found[] {
  const problems: string[] = [];
  const found = paths.flatMap(filesOf).flatMap((file) => objectsIn(file, problems));
  if (problems.length > 0) throw new Error(problems.join("\n"));
  if (found.length === 0)
    throw new Error(`${paths.join(", ")}: no Kubernetes object in it; name files or folders with .yaml, .yml or .json`);
  return found;
}

function filesOf(path: string): string[] {
  if (path === "-") return ["/dev/stdin"];
  const entry = statSync(path, { throwIfNoEntry: false });
  if (!entry) throw new Error(`${path}: no such file or folder; podnet reach takes manifests, or none for the cluster`);
  if (!entry.isDirectory()) return [path];
  return globSync("**/*.{yaml,yml,json}", { cwd: path })
    .sort()
    .map((name) => join(path, name));
}

function objectsIn(file: string, problems: string[]): Found[] {
  const documents = parseAllDocuments(readFileSync(file, "utf8"), { prettyErrors: true });
  return ("empty" in documents ? [] : documents).flatMap((document, index) => {
    const where = `${file}, document ${index + 1}`;
    const [error] = document.errors;
    if (error) {
      problems.push(`${where} is no YAML: ${error.message.split("\n")[0]}`);
      return [];
    }
    const value: unknown = document.toJS();
    if (value === null || value === undefined) return [];
    if (typeof value !== "object" || Array.isArray(value)) {
      const what = Array.isArray(value) ? "a list" : `the ${typeof value} ${JSON.stringify(value)}`;
      problems.push(`${where} is ${what} and no Kubernetes object; it needs apiVersion, kind and metadata`);
      return [];
    }
    return unlisted(where, value);
  });
}

/** The objects of a List, as `kubectl get -o yaml` prints it, or the object itself. */
export function unlisted(where: string, value: object): Found[] {
  const { kind, items } = value as { kind?: unknown; items?: unknown };
  if (typeof kind !== "string" || !kind.endsWith("List") || !Array.isArray(items)) return [{ where, object: value }];
  // The items of a PodList name neither their kind nor its version.
  const { apiVersion } = value as { apiVersion?: string };
  const type = kind === "List" ? {} : { apiVersion, kind: kind.slice(0, -"List".length) };
  return items.map((item, index) => ({ where: `${where}, item ${index + 1}`, object: { ...type, ...item } }));
}
