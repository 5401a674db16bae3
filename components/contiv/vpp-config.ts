import { stringify } from "yaml";
import type { ContivSettings } from "./complete";
import { ofFamily, ports } from "./complete";

type Vpp = NonNullable<ContivSettings["vpp"]>;

/** Contiv-VPP's own configuration (contiv.conf), as its agent reads it: JSON. */
function contivConf({ vpp, podCidr, serviceCidr, mtu }: ContivSettings): string {
  const { nodeToNodeTransport, useL2Interconnect, natExternalTraffic, stealNic, nics } = vpp as Vpp;
  const said = vpp as Vpp;
  const ownNics = Object.entries(nics).filter(([, nic]) => nic.interface !== undefined);
  return json({
    nodeToNodeTransport,
    useL2Interconnect,
    useTAPInterfaces: true,
    tapInterfaceVersion: 2,
    mtuSize: mtu,
    natExternalTraffic,
    // By contiv-crd alone, whose definitions today's Kubernetes does not take.
    crdNodeConfigurationDisabled: !said.crd,
    stealFirstNIC: stealNic,
    ipamConfig: {
      podSubnetCIDR: podCidr[0],
      podSubnetOneNodePrefixLen: said.nodePrefix,
      vppHostSubnetCIDR: said.hostSubnetCidr,
      vppHostSubnetOneNodePrefixLen: said.hostNodePrefix,
      nodeInterconnectDHCP: said.nodeInterconnectDhcp,
      nodeInterconnectCIDR: said.nodeInterconnectCidr,
      vxlanCIDR: said.vxlanCidr,
      serviceCIDR: String(ofFamily(serviceCidr, "ipv4") ?? serviceCidr[0]),
    },
    ...(ownNics.length > 0 && {
      nodeConfig: ownNics.map(([nodeName, nic]) => ({
        nodeName,
        mainVPPInterface: { interfaceName: nic.interface },
      })),
    }),
  });
}

/** The files of the vswitch's agent. */
export function agentFiles(settings: ContivSettings): Record<string, string> {
  return {
    "contiv.conf": contivConf(settings),
    "logs.conf": stringify({ "default-level": "info" }),
    "grpc.conf": stringify({
      network: "unix",
      endpoint: "/var/run/contiv/cni.sock",
      "force-socket-removal": true,
      permission: 700,
    }),
    // contiv-crd asks every node's agent; without it the pod's probes alone do.
    "http.conf": stringify({ endpoint: `${settings.vpp?.crd ? "0.0.0.0" : "127.0.0.1"}:${ports.rest}` }),
    "bolt.conf": stringify({ "db-path": "/var/bolt/bolt.db", "file-mode": 432, "lock-timeout": 0 }),
    "telemetry.conf": stringify({ "polling-interval": 30_000_000_000, disabled: true }),
  };
}

/** How VPP's own agent asks VPP how it is: nanoseconds. */
export const govpp = stringify({
  "health-check-probe-interval": 3_000_000_000,
  "health-check-reply-timeout": 500_000_000,
  "health-check-threshold": 3,
  "reply-timeout": 3_000_000_000,
});

/** Where every node finds the etcd: by the port that kube-proxy opens for it. */
export function etcdConf(compacting: boolean): string {
  return stringify({
    "insecure-transport": true,
    "dial-timeout": 10_000_000_000,
    ...(compacting && { "auto-compact": 600_000_000_000 }),
    endpoints: ["127.0.0.1:32379"],
  });
}

/** The CNI configuration, as the contiv-cni image writes it. */
export const vppConflist = json({
  cniVersion: "0.3.1",
  name: "k8s-pod-network",
  plugins: [
    { type: "contiv-cni", grpcServer: "/var/run/contiv/cni.sock", logFile: "/var/run/contiv/cni.log" },
    { type: "portmap", capabilities: { portMappings: true }, externalSetMarkChain: "KUBE-MARK-MASQ" },
  ],
});

/** VPP's startup file of a node: the NIC that it takes. */
export function startupFile({ hugepages }: Vpp, pci: string | undefined): string {
  return `${[
    "unix {",
    "    nodaemon",
    "    cli-listen /run/vpp/cli.sock",
    "    cli-no-pager",
    "    poll-sleep-usec 100",
    "}",
    "nat {",
    "    endpoint-dependent",
    "    translation hash buckets 1048576",
    "    translation hash memory 268435456",
    "    user hash buckets 1024",
    "    max translations per user 10000",
    "}",
    "acl-plugin {",
    "    use tuple merge 0",
    "}",
    "api-trace {",
    "    on",
    "    nitems 5000",
    "}",
    ...(pci
      ? ["dpdk {", `    dev ${pci}`, `    socket-mem ${Math.min(hugepages, 512)}`, "}"]
      : ["plugins {", "    plugin dpdk_plugin.so { disable }", "}"]),
  ].join("\n")}\n`;
}

function json(value: unknown): string {
  return `${JSON.stringify(value, undefined, 2)}\n`;
}
