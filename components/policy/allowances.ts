import { Cidr, IpAddress } from "../addresses/cidr";
import type { Allowance } from "./baseline";
import { allButMetadata, gkeAllowance, withoutMetadata } from "./metadata";
import type { Openings } from "./openings";
import type { PeerValue } from "./peer";
import type { ParsedSettings } from "./settings";

const list = <T>(value: T | T[]): T[] => [value].flat() as T[];
const host = (address: string): PeerValue => ({ range: String(Cidr.host(IpAddress.parse(address))), except: [] });
const whole = (range: string): PeerValue => ({ range, except: [] });

/** Pods of kube-system that everybody may reach, by the labels and ports of their charts. */
const served: Record<string, Pick<Allowance, "pods" | "ports">[]> = {
  dns: [{ pods: { "k8s-app": "kube-dns" }, ports: ["udp/53", "tcp/53"] }],
  "metrics-server": [{ pods: { "k8s-app": "metrics-server" }, ports: ["tcp/10250"] }],
  "ingress-nginx": [{ pods: { "app.kubernetes.io/name": "rke2-ingress-nginx" }, ports: ["tcp/80", "tcp/443"] }],
  traefik: [{ pods: { "app.kubernetes.io/name": "rke2-traefik" }, ports: ["tcp/8000", "tcp/8443"] }],
  webhooks: [
    { pods: { "app.kubernetes.io/name": "rke2-ingress-nginx" }, ports: ["tcp/8443"] },
    { pods: { "app.kubernetes.io/name": "rke2-snapshot-validation-webhook" }, ports: ["tcp/8443"] },
  ],
};

/** Everything that stays open in these settings, in both directions. */
export function allowances(
  { profile, openings }: ParsedSettings,
  { hasSystem, onlyMetadata }: { hasSystem: boolean; onlyMetadata: boolean },
): Allowance[] {
  const { metadata } = openings;
  const found = [
    ...ownNamespace(profile),
    ...dns(openings),
    ...apiServer(openings),
    ...ingressController(openings),
    ...monitoring(openings),
    ...webhooks(openings),
    ...nodes(openings),
    ...(metadata === "gke" ? gkeAllowance : []),
    ...(onlyMetadata ? [allButMetadata] : []),
    ...others(openings),
    ...(hasSystem ? systemPods(openings, profile) : []),
  ];
  return metadata === "allow" ? found : found.map(guarded);
}

/** What GKE needs is named as a single address, which nothing is left out of. */
function guarded(one: Allowance): Allowance {
  return one.direction === "egress" ? { ...one, peers: one.peers.map(withoutMetadata) } : one;
}

function ownNamespace(profile: ParsedSettings["profile"]): Allowance[] {
  if (profile !== "same-namespace" && profile !== "cis") return [];
  return (["ingress", "egress"] as const).map((direction) => ({
    name: "same-namespace",
    direction,
    peers: [{}],
    ports: [],
  }));
}

function dns({ dns: opened }: Openings): Allowance[] {
  if (opened === false) return [];
  const { namespace, pods, nodeLocal, ports } = opened;
  return [{ name: "dns", direction: "egress", peers: [{ namespace, pods }, ...nodeLocal.map(host)], ports }];
}

function apiServer({ apiServer: opened }: Openings): Allowance[] {
  if (opened === undefined) return [];
  const { addresses, port, pods } = opened;
  return [
    {
      name: "api-server",
      direction: "egress",
      ...(pods && { pods }),
      peers: addresses.map(host),
      ports: [`tcp/${port}`],
    },
  ];
}

function ingressController({ ingressController: opened }: Openings): Allowance[] {
  return list(opened).map(({ namespace, pods, to, ports, ranges }) => ({
    name: "ingress-controller",
    direction: "ingress",
    ...(to && { pods: to }),
    peers: [{ namespace, ...(pods && { pods }) }, ...ranges.map(whole)],
    ports,
  }));
}

function monitoring({ monitoring: opened }: Openings): Allowance[] {
  return list(opened).map(({ namespace, pods, to, ports }) => ({
    name: "monitoring",
    direction: "ingress",
    ...(to && { pods: to }),
    peers: [{ namespace, ...(pods && { pods }) }],
    ports,
  }));
}

function webhooks({ webhooks: opened, apiServer: asking }: Openings): Allowance[] {
  return list(opened).map(({ namespace, to, ports, from }) => ({
    name: "webhooks",
    direction: "ingress",
    ...(namespace !== undefined && { namespace }),
    pods: to,
    peers: from.length > 0 ? from.map(whole) : (asking?.addresses ?? []).map(host),
    ports,
  }));
}

function nodes({ nodes: ranges }: Openings): Allowance[] {
  return ranges.length > 0 ? [{ name: "nodes", direction: "ingress", peers: ranges.map(whole), ports: [] }] : [];
}

function others({ others: opened }: Openings): Allowance[] {
  return Object.entries(opened).map(([name, { from, to, pods, namespace, ports }]) => ({
    name,
    direction: from ? "ingress" : "egress",
    ...(namespace !== undefined && { namespace }),
    ...(pods && { pods }),
    peers: (from ?? to) as PeerValue[],
    ports,
  }));
}

/** Which pods of kube-system everybody may reach, where the profile decides it too. */
export function servedNames(wanted: readonly string[] | undefined, profile: ParsedSettings["profile"]) {
  return wanted ?? (profile === "strict" ? ["dns"] : Object.keys(served));
}

function systemPods({ served: wanted }: Openings, profile: ParsedSettings["profile"]): Allowance[] {
  return servedNames(wanted, profile).flatMap((name) =>
    (served[name] ?? []).map((one) => ({
      name: `served-${name}`,
      direction: "ingress" as const,
      namespace: "kube-system",
      peers: [],
      ...one,
    })),
  );
}
