import { families } from "../addresses/families";
import { type FelixSettings, usualMarkMask } from "./felix";
import { Port } from "./policy/port";

/** Settings that only a network of Calico's own has. */
type OfCalico = "bpf" | "vxlanPort" | "vxlanVni" | "mtuIfacePattern" | "awsSrcDstCheck" | "natOutgoingAddress";

/** What Felix is told of the network, beside its own settings. */
export interface FelixContext {
  felix: Omit<FelixSettings, OfCalico> & Partial<Pick<FelixSettings, OfCalico>>;
  podCidr: readonly string[];
  /** Bytes of the largest packet of a pod. */
  mtu: number;
  dataplane: "iptables" | "nftables" | "bpf";
  wireguard?: { enabled: boolean; port: number; portV6: number; hostEncryption: boolean };
}

/** Felix's configuration as its resource writes it: what a cluster depends on is said, though it is Calico's own value. */
export function felixSpec({ felix, podCidr, mtu, dataplane, wireguard }: FelixContext): Record<string, unknown> {
  const own = families(podCidr);
  const [four, six] = [own.includes("ipv4"), own.includes("ipv6")];
  const override = Object.entries(felix.featureDetectOverride).map(([name, value]) => `${name}=${value}`);
  return {
    ipv6Support: six,
    // Tunnels are as wide as pods' packets, so that nothing is cut up that a pod could send.
    ...(felix.vxlanPort !== undefined && {
      ...(four && { ipipMTU: mtu, vxlanMTU: mtu }),
      ...(six && { vxlanMTUV6: mtu }),
      vxlanPort: felix.vxlanPort,
      vxlanVNI: felix.vxlanVni,
    }),
    ...(dataplane === "nftables" ? { nftablesMode: "Enabled" } : { iptablesBackend: felix.iptablesBackend }),
    ...(dataplane === "bpf" && { bpfEnabled: true, ...(felix.bpf && bpfSpec(felix.bpf)) }),
    chainInsertMode: felix.chainInsertMode,
    defaultEndpointToHostAction: felix.defaultEndpointToHostAction,
    iptablesRefreshInterval: `${felix.refreshSeconds}s`,
    failsafeInboundHostPorts: ports(felix.failsafe.inbound),
    failsafeOutboundHostPorts: ports(felix.failsafe.outbound),
    logSeverityScreen: felix.logSeverity,
    // Felix would tell its maker how large the cluster is.
    usageReportingEnabled: false,
    healthPort: felix.healthPort,
    ...(felix.metrics && { prometheusMetricsEnabled: true, prometheusMetricsPort: felix.metricsPort }),
    ...(felix.markMask !== usualMarkMask && { iptablesMarkMask: felix.markMask }),
    ...(felix.mtuIfacePattern && { mtuIfacePattern: felix.mtuIfacePattern }),
    ...(felix.awsSrcDstCheck && felix.awsSrcDstCheck !== "DoNothing" && { awsSrcDstCheck: felix.awsSrcDstCheck }),
    ...(override.length > 0 && { featureDetectOverride: override.join(",") }),
    ...(felix.natOutgoingAddress && { natOutgoingAddress: felix.natOutgoingAddress }),
    ...(felix.allowVxlanFromPods && { allowVXLANPacketsFromWorkloads: true }),
    ...(felix.allowIpipFromPods && { allowIPIPPacketsFromWorkloads: true }),
    ...(wireguard?.enabled && {
      ...(four && { wireguardEnabled: true, wireguardListeningPort: wireguard.port, wireguardMTU: mtu }),
      ...(six && { wireguardEnabledV6: true, wireguardListeningPortV6: wireguard.portV6, wireguardMTUV6: mtu }),
      ...(wireguard.hostEncryption && { wireguardHostEncryptionEnabled: true }),
    }),
  };
}

function bpfSpec(bpf: NonNullable<FelixSettings["bpf"]>): Record<string, unknown> {
  const { dataIfacePattern, l3IfacePattern, dsrOptOutCidrs } = bpf;
  return {
    bpfExternalServiceMode: bpf.externalServiceMode,
    ...(dsrOptOutCidrs.length > 0 && { bpfDSROptoutCIDRs: dsrOptOutCidrs }),
    bpfConnectTimeLoadBalancing: bpf.connectTimeLoadBalancing,
    bpfEnforceRPF: bpf.enforceRpf,
    bpfKubeProxyIptablesCleanupEnabled: bpf.kubeProxyCleanup,
    bpfLogLevel: bpf.logLevel,
    ...(dataIfacePattern && { bpfDataIfacePattern: dataIfacePattern }),
    ...(l3IfacePattern && { bpfL3IfacePattern: l3IfacePattern }),
  };
}

function ports(list: readonly string[]): { protocol: string; port: number }[] {
  return list
    .map((text) => Port.parse(text))
    .flatMap(({ protocol, port }) => numbers(port).map((one) => ({ protocol: protocol.toUpperCase(), port: one })));
}

/** Failsafe ports are single ones: a range is written out. */
function numbers(port: number | string): number[] {
  const [first, last] = String(port).split("-").map(Number) as [number, number?];
  return Array.from({ length: (last ?? first) - first + 1 }, (_, index) => first + index);
}

/** The same as environment variables and as lines of felix.cfg, which have other words for some values. */
export function felixParameters(spec: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(spec).map(([name, value]) => [
      `${name.charAt(0).toUpperCase()}${name.slice(1)}`,
      parameter(name, value),
    ]),
  );
}

function parameter(name: string, value: unknown): string {
  if (Array.isArray(value) && value.every((one) => typeof one === "string")) return value.join(",");
  if (Array.isArray(value))
    return (value as { protocol: string; port: number }[])
      .map(({ protocol, port }) => `${protocol.toLowerCase()}:${port}`)
      .join(",");
  if (/Interval$/.test(name)) return String(value).replace(/s$/, "");
  return String(value);
}
