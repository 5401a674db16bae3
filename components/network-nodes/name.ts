import type { Problem } from "../addresses/problem";

/** A network's name stands in names of tables, files, units and directories, and in those of Kubernetes objects. */
export function nameProblems(name: string): Problem[] {
  if (/^[a-z][a-z0-9-]{0,23}$/.test(name)) return [];
  const rule = `the network's name "${name}" is not 1 to 24 lower-case letters, digits and dashes`;
  return [
    { path: "name", rule, fix: "it names tables, files and directories on the nodes; give the component another" },
  ];
}
