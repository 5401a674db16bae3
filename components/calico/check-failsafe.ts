import type { Problem } from "../addresses/problem";
import type { CalicoSettings } from "./complete";
import { Port } from "./policy/port";

interface Needed {
  /** "udp/8472" */
  port: string;
  by: string;
}

type Guarded = Pick<CalicoSettings, "apiServer" | "datastore" | "nodes" | "typha"> & {
  felix: Pick<CalicoSettings["felix"], "failsafe">;
  bgp: Pick<CalicoSettings["bgp"], "enabled" | "listenPort">;
  /** What nodes send each other that is not Calico's own: Felix lets its own tunnels pass. @default [] */
  between?: readonly Needed[];
};

/**
 * Host endpoints close a node but for the failsafe ports. Without these, the node is lost to its operator, or to the
 * control plane that could open it again.
 */
export function failsafeProblems(settings: Guarded): Problem[] {
  const { inbound, outbound } = settings.felix.failsafe;
  const { between = [] } = settings;
  return [
    ...[...inbound, ...outbound].flatMap((text) => unusable(text)),
    ...closed("felix.failsafe.inbound", inbound, [...neededInbound(settings), ...between]),
    ...closed("felix.failsafe.outbound", outbound, [...neededOutbound(settings), ...between]),
  ];
}

function unusable(text: string): Problem[] {
  const { port } = Port.parse(text);
  if (/^\d+(-\d+)?$/.test(String(port))) return [];
  return [{ path: "felix.failsafe", value: text, rule: "a failsafe port is a number", fix: "name it by its number" }];
}

function closed(path: string, open: readonly string[], needed: readonly Needed[]): Problem[] {
  const ports = open.map((text) => Port.parse(text));
  return needed
    .filter(({ port }) => !ports.some((one) => one.includes(Port.parse(port))))
    .map(({ port, by }) => ({
      path,
      rule: `${port} could be closed by a policy: ${by}`,
      fix: `add "${port}"`,
    }));
}

function neededInbound({ nodes, apiServer, bgp, datastore, typha }: Guarded): Needed[] {
  return [
    ...sshPorts(nodes),
    { port: `tcp/${apiServer?.port ?? 6443}`, by: "the API server, on nodes of the control plane" },
    ...(bgp.enabled ? [{ port: `tcp/${bgp.listenPort}`, by: "BGP, which nodes learn routes to pods by" }] : []),
    ...(typha.replicas > 0 ? [{ port: "tcp/5473", by: "Typha, which tells nodes their policy" }] : []),
    ...etcdPorts(datastore),
  ];
}

function neededOutbound({ apiServer, bgp, datastore, typha }: Guarded): Needed[] {
  return [
    { port: `tcp/${apiServer?.port ?? 6443}`, by: "the API server, which the node learns its policy from" },
    { port: "udp/53", by: "DNS" },
    ...(bgp.enabled ? [{ port: `tcp/${bgp.listenPort}`, by: "BGP, which nodes learn routes to pods by" }] : []),
    ...(typha.replicas > 0 ? [{ port: "tcp/5473", by: "Typha, which tells the node its policy" }] : []),
    ...etcdPorts(datastore),
  ];
}

/** The port that podnet itself comes in by; 22 where no inventory tells another. */
function sshPorts(nodes: CalicoSettings["nodes"]): Needed[] {
  const ports = Map.groupBy(nodes?.nodes ?? [], ({ connection }) => connection.port);
  if (ports.size === 0) return [{ port: "tcp/22", by: "SSH, which an operator comes in by" }];
  return [...ports].map(([port, those]) => {
    const names = those.slice(0, 3).map(({ name }) => name);
    return {
      port: `tcp/${port}`,
      by: `SSH of ${names.join(", ")}${those.length > 3 ? ` and ${those.length - 3} more` : ""}`,
    };
  });
}

function etcdPorts(datastore: CalicoSettings["datastore"]): Needed[] {
  if (datastore.type !== "etcd") return [];
  const ports = datastore.endpoints.map((endpoint) => {
    const { port, protocol } = new URL(endpoint);
    return port || (protocol === "https:" ? "443" : "80");
  });
  return [...new Set(ports)].map((port) => ({ port: `tcp/${port}`, by: "etcd, where policy is kept" }));
}
