import { z } from "zod";
import { cidr, oneOrMore } from "../addresses/schema";
import { port } from "./policy/port";

const tcp = (ports: readonly number[]) => ports.map((one) => `tcp/${one}`);
const portNumber = z.int().min(1).max(65535);

/** What Calico leaves open on host endpoints when nothing is said (FelixConfiguration's defaults). */
const usualFailsafe = {
  inbound: ["udp/68", ...tcp([22, 179, 2379, 2380, 5473, 6443, 6666, 6667])],
  outbound: ["udp/53", "udp/67", ...tcp([179, 2379, 2380, 5473, 6443, 6666, 6667])],
};

/** The bits that Felix takes of the packet mark when nothing is said. */
export const usualMarkMask = 0xffff0000;

/** Where Felix answers, and where calico-node's own probes ask, when nothing is said. */
export const usualHealthPort = 9099;

/** How Felix's programs in the kernel carry packets. */
const bpf = z.strictObject({
  /**
   * The way of packets from outside to a service whose pod is on another node. `"Tunnel"`: both ways by the node that
   * they came to. `"DSR"`: answers go straight back, under that node's address, which the network must let pass.
   * @default "Tunnel"
   */
  externalServiceMode: z.enum(["Tunnel", "DSR"]).default("Tunnel"),
  /** Clients that are answered by the node that they came to all the same. @default [] */
  dsrOptOutCidrs: oneOrMore(cidr).default([]),
  /** Whose connections to services are turned when a socket connects, and not packet by packet. @default "TCP" */
  connectTimeLoadBalancing: z.enum(["TCP", "Enabled", "Disabled"]).default("TCP"),
  /** The NICs that packets of pods and services come by, as a regular expression. @default Calico's */
  dataIfacePattern: z.string().min(1).optional(),
  /** Tunnels that are not Calico's and that they come by too, as a regular expression. @default none */
  l3IfacePattern: z.string().min(1).optional(),
  /** What is done with a packet that comes by another NIC than its answer would leave by. @default "Loose" */
  enforceRpf: z.enum(["Disabled", "Loose", "Strict"]).default("Loose"),
  /** Takes kube-proxy's rules away; false while kube-proxy runs. @default true */
  kubeProxyCleanup: z.boolean().default(true),
  /** What the programs say in the kernel's trace pipe. @default "Off" */
  logLevel: z.enum(["Off", "Info", "Debug"]).default("Off"),
});

/** Settings of Felix, which programs routes and policy on each node. */
export const felixSettings = z.strictObject({
  /** `"Auto"`: as kube-proxy's rules are found. Not with the nftables dataplane. @default "Auto" */
  iptablesBackend: z.enum(["Auto", "Legacy", "NFT"]).default("Auto"),
  /**
   * Before the rules that are there, or after them. After them, a rule that accepts everything before it passes by
   * every policy. @default "Insert"
   */
  chainInsertMode: z.enum(["Insert", "Append"]).default("Insert"),
  /** What becomes of packets from a pod to its own node that no policy decides on. @default "Accept" */
  defaultEndpointToHostAction: z.enum(["Accept", "Drop", "Return"]).default("Accept"),
  /** Seconds after which rules are written again though nothing changed; 0 is never. @default 180, Calico's */
  refreshSeconds: z.int().min(0).default(180),
  /** Bits of the packet mark that are Calico's. @default 0xffff0000 */
  markMask: z.int().min(1).max(0xffffffff).default(usualMarkMask),
  /** The NICs whose MTU counts, as a regular expression; Calico's own leaves out bond, team, br and vlan. @default Calico's */
  mtuIfacePattern: z.string().min(1).optional(),
  /** The source and destination check of EC2 instances. @default "DoNothing" */
  awsSrcDstCheck: z.enum(["DoNothing", "Enable", "Disable"]).default("DoNothing"),
  /** Names and values for what the kernel is thought to do: { ChecksumOffloadBroken: true }. @default {} */
  featureDetectOverride: z.record(z.string().min(1), z.boolean()).default({}),
  /** Source address of what leaves the pools, in the place of the node's own. IPv4. */
  natOutgoingAddress: z.ipv4().optional(),
  /** Lets pods send VXLAN (or IPIP) of their own, which Felix drops otherwise. @default false */
  allowVxlanFromPods: z.boolean().default(false),
  allowIpipFromPods: z.boolean().default(false),
  /** With `dataplane: "bpf"`. @default Calico's own, which are those of each setting */
  bpf: bpf.optional(),
  /** @default "Info" */
  logSeverity: z.enum(["Debug", "Info", "Warning", "Error", "Fatal"]).default("Info"),
  /** Serves metrics on every address of the node. @default false */
  metrics: z.boolean().default(false),
  /** TCP port of the metrics. @default 9091 */
  metricsPort: portNumber.default(9091),
  /** TCP port of liveness and readiness on the loopback address. @default 9099 */
  healthPort: portNumber.default(usualHealthPort),
  /** VXLAN network identifier. @default 4096, Calico's; flannel's is 1 */
  vxlanVni: z.int().min(1).max(16777215).default(4096),
  /** UDP port. @default 4789, IANA's (RFC 7348) */
  vxlanPort: portNumber.default(4789),
  /**
   * Ports of host endpoints that no policy can close. A list that leaves out what the cluster or its operator needs
   * is refused.
   * @default Calico's: SSH, BGP, etcd, Typha, the API server; DNS and DHCP
   */
  failsafe: z
    .strictObject({
      inbound: oneOrMore(port).default(usualFailsafe.inbound),
      outbound: oneOrMore(port).default(usualFailsafe.outbound),
    })
    .prefault({}),
});

export type FelixSettings = z.output<typeof felixSettings>;

/** Those of them that hold on hosts, where there are no services. */
export const felixOfHosts = felixSettings.omit({ bpf: true });

/** Those of them that hold where another network brings packets to nodes. */
export const felixOfOthers = felixOfHosts
  .omit({ vxlanVni: true, vxlanPort: true, mtuIfacePattern: true, awsSrcDstCheck: true, natOutgoingAddress: true })
  .extend({
    /** Seconds after which rules are written again though nothing changed; 0 is never. @default 60, that of Calico's manifest for Canal */
    refreshSeconds: z.int().min(0).default(60),
  });
