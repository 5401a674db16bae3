import type { Resource } from "./digest";
import { counted } from "./review";

type Subnets = Record<string, string[]>;

/** Which nodes get pod subnets or give them back; many of a kind are counted. */
export function subnetLines(resources: readonly Resource[]): string[] {
  return resources
    .filter(({ type, action }) => type === "podnet:index:AddressPlan" && action !== "same")
    .flatMap(({ name, before, after, action }) => {
      const [was, is] = [subnetsOf(before), action === "delete" ? {} : subnetsOf(after)];
      const names = [...new Set([...Object.keys(was), ...Object.keys(is)])];
      const moved = names.filter((node) => was[node] && is[node] && String(was[node]) !== String(is[node]));
      return [
        ...line(name, "move to other subnets", moved, is),
        ...line(
          name,
          "give back",
          names.filter((node) => !is[node]),
          was,
        ),
        ...line(
          name,
          "get",
          names.filter((node) => !was[node]),
          is,
        ),
      ];
    });
}

function line(network: string, does: string, nodes: readonly string[], subnets: Subnets): string[] {
  if (nodes.length === 0) return [];
  const shown = nodes.slice(0, 3).map((node) => `${node} ${subnets[node]?.join(", ")}`);
  const more = nodes.length > shown.length ? ` and ${nodes.length - shown.length} more` : "";
  return [
    `${network}: ${counted(nodes.length, "node")} ${nodes.length === 1 ? singular(does) : does}: ${shown.join("; ")}${more}`,
  ];
}

function singular(does: string): string {
  return does.replace(/^\w+/, (verb) => `${verb}s`);
}

function subnetsOf(properties: Record<string, unknown> | undefined): Subnets {
  return (properties?.subnets ?? {}) as Subnets;
}
