import type { Problem } from "../addresses/problem";
import { needlessNodes } from "../network-nodes/needless";
import type { WeaveSettings } from "./complete";
import { type ParsedSettings, weaveSettings } from "./settings";

/** What one way of running needs, and what is only said of the other. */
export function modeProblems(settings: WeaveSettings, parsed: ParsedSettings): Problem[] {
  const { mode } = settings;
  return [
    ...(mode === "kubernetes" ? strangers(parsed, ["hosts"]) : strangers(parsed, ["kubernetes", "clusterCidr"])),
    ...unread(parsed),
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

/** What has a value in every mode and means something only in Kubernetes, and what has another place on hosts. */
function unread({ mode, ...parsed }: ParsedSettings): Problem[] {
  if (mode === "kubernetes") return [];
  const { exposeAddress, keepClientAddress, iptablesBackend, dataDirectory, hairpin } = parsed;
  const said = {
    exposeAddress: exposeAddress !== undefined,
    keepClientAddress: !keepClientAddress,
    iptablesBackend: iptablesBackend !== "auto",
    dataDirectory: dataDirectory !== weaveSettings.shape.dataDirectory.parse(undefined),
    hairpin: !hairpin && mode === "docker",
  };
  return Object.entries(said)
    .filter(([, isSaid]) => isSaid)
    .map(([path]) => ({
      path,
      value: String(parsed[path as keyof typeof said]),
      rule: `${path} is nothing that Weave on hosts is told, and the mode is "${mode}"`,
      fix: path === "exposeAddress" ? "say hosts.expose for each node, or leave it out" : "leave it out",
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
