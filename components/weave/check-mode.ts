import type { Problem } from "../addresses/problem";
import { needlessNodes } from "../network-nodes/needless";
import type { WeaveSettings } from "./complete";
import type { ParsedSettings } from "./settings";

/** What one way of running needs, and what is only said of the other. */
export function modeProblems(settings: WeaveSettings, parsed: ParsedSettings): Problem[] {
  const { mode } = settings;
  return [
    ...(mode === "kubernetes" ? strangers(parsed, ["hosts"]) : strangers(parsed, ["kubernetes", "clusterCidr"])),
    ...(mode !== "kubernetes" && !parsed.nodes
      ? [
          {
            path: "nodes",
            rule: `mode "${mode}" runs Weave on nodes, and there are none`,
            fix: "say nodes: Inventory.fromFile(path)",
          },
        ]
      : []),
    ...(parsed.nodes ? [] : needlessNodes(changesOfNodes(parsed))),
    ...dnsProblems(settings),
  ];
}

function strangers(parsed: ParsedSettings, paths: ("hosts" | "kubernetes" | "clusterCidr")[]): Problem[] {
  return paths
    .filter((path) => parsed[path] !== undefined)
    .map((path) => ({
      path,
      rule: `${path} is set, and the mode is "${parsed.mode}"`,
      fix: `say ${path === "hosts" ? 'mode: "docker"' : 'mode: "kubernetes"'}, or leave ${path} out`,
    }));
}

function changesOfNodes({ openPorts, modules, networkManager, artifacts }: ParsedSettings): Record<string, boolean> {
  return { openPorts, modules: modules.length > 0, networkManager, artifacts: Object.keys(artifacts).length > 0 };
}

/** WeaveDNS knows what Docker starts; tasks of Mesos have no names there. */
function dnsProblems({ mode, hosts }: WeaveSettings): Problem[] {
  if (mode !== "mesos" || !hosts) return [];
  const said = (["plugin", "proxy"] as const).filter((path) => hosts[path]).map((path) => `hosts.${path}`);
  return [...said, ...(hosts.dns.enabled ? ["hosts.dns.enabled"] : [])].map((path) => ({
    path,
    value: "true",
    rule: `${path} is for containers of Docker, and Mesos' tasks are attached by CNI`,
    fix: 'leave it out, or say mode: "docker"',
  }));
}
