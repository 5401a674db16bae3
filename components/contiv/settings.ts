import { z } from "zod";
import { cidr, ipAddress, oneOrMore } from "../addresses/schema";
import { cni } from "../cni";
import { flannelSettings } from "../flannel/settings";
import { kubernetes } from "../flannel/settings-kubernetes";
import { inventory, nodeChangeFields } from "../network-nodes/settings";
import { deviceName } from "../node/words";
import { bgp, globals, netmaster, objectName, tenant } from "./settings-netmaster";
import { aci, authProxy, hosts, images, pullPolicy, store } from "./settings-parts";
import { vpp } from "./settings-vpp";

const flannel = flannelSettings.shape;
const daemon = kubernetes.shape;

/** What may be said of a Contiv network. Defaults are upstream's last ones where nothing else is said. */
export const contivSettings = z.strictObject({
  /** Make what gets no fixes any more, also none for security: netplugin since 2019, Contiv-VPP since 2020. @default false */
  legacy: z.boolean().default(false),

  /**
   * `"kubernetes"`: netplugin and Open vSwitch as DaemonSets; `"vpp"`: Contiv-VPP, which is another system in all but
   * the name; `"docker"`, `"swarm"` and `"mesos"`: netplugin as units on hosts without Kubernetes.
   * @default "kubernetes"
   */
  mode: z.enum(["kubernetes", "vpp", "docker", "swarm", "mesos"]).default("kubernetes"),

  /** The nodes, to prepare them over SSH and to ask netmaster from. @default none: only the Kubernetes API is used */
  nodes: inventory.optional(),

  /** Addresses of all pods that choose no network of their own: one IPv4 range, and one IPv6 range beside it. */
  podCidr: oneOrMore(cidr).refine((list) => list.length > 0, "name at least one range"),

  /** Addresses of services. @default "10.96.0.0/12", Kubernetes' and upstream's */
  serviceCidr: oneOrMore(cidr).default(["10.96.0.0/12"]),

  otherRanges: flannel.otherRanges,

  /** Nodes route between pods' networks, or only bridge inside of each. @default "routing" */
  forwarding: z.enum(["routing", "bridge"]).default("routing"),

  /** What carries packets between nodes. Routing over VLAN needs `bgp`. @default "vxlan" */
  encapsulation: z.enum(["vxlan", "vlan"]).default("vxlan"),

  /** NICs that go into the VLAN bridge. Never one that the node is reached by: Open vSwitch takes it. @default [] */
  vlanUplinks: z.array(deviceName).default([]),

  /** UDP port of VXLAN. @default 4789, IANA's (RFC 7348) */
  vxlanPort: z.int().min(1).max(65535).default(4789),

  /** Bytes that the nodes' NICs carry. @default the smallest of the inventory, otherwise 1500 */
  underlayMtu: z.int().min(576).max(65535).optional(),

  /** Gateways of the pods' network, for each range of podCidr. @default the first address of each */
  gateway: oneOrMore(ipAddress).optional(),

  /** A network of the hosts' own, by which they reach pods, with routing. @default 132.1.1.0/24, upstream's, which is somebody's public range */
  infraNetwork: z
    .strictObject({
      /** @default "contivh1" */
      name: objectName.default("contivh1"),
      /** @default "132.1.1.0/24" */
      subnet: cidr.default("132.1.1.0/24"),
      /** @default its first address */
      gateway: ipAddress.optional(),
    })
    .prefault({}),

  globals: globals.prefault({}),

  /** Tenants beside "default", and what "default" has beside its pods' network. @default {} */
  tenants: z.record(objectName, tenant).default({}),

  /** Neighbours by node, with routing over VLAN. @default {} */
  bgp: z.record(z.string().min(1), bgp).default({}),

  /** @default none */
  aci: aci.optional(),

  /** @default { type: "own" } in Kubernetes; on hosts it must be said */
  store: store.optional(),

  netmaster: netmaster.prefault({}),

  /** @default none: netmaster answers everybody who reaches port 9999 of its node */
  authProxy: authProxy.optional(),

  /** Figures for Prometheus on the nodes' ports 9004 and 9005. @default false */
  exporters: z.boolean().default(false),

  images: images.prefault({}),
  /** When a node asks the registry for an image. @default "IfNotPresent" */
  pullPolicy: pullPolicy.default("IfNotPresent"),
  pullSecrets: daemon.pullSecrets,

  /** The namespace that everything is in, which stays when the network goes. @default "kube-system", upstream's */
  namespace: daemon.namespace.unwrap().default("kube-system"),

  /** The API server as nodes reach it before kube-proxy runs. @default the first address of serviceCidr, Kubernetes' own service */
  apiServer: daemon.apiServer,

  maxUnavailable: daemon.maxUnavailable,

  /** Folders of the CNI plugins and their configuration on the nodes. */
  cni: z.strictObject({ directory: cni.shape.directory, binaries: cni.shape.binaries }).prefault({}),

  /** Only with mode vpp. */
  vpp: vpp.optional(),

  /** Only with modes docker, swarm and mesos. */
  hosts: hosts.optional(),

  openPorts: flannel.openPorts,
  modules: flannel.modules,
  hostManagers: flannel.hostManagers,

  ...nodeChangeFields,
});

/** A Contiv network's settings as they may be written. */
export type ContivNetworkArgs = z.input<typeof contivSettings>;
export type ParsedSettings = z.output<typeof contivSettings>;
