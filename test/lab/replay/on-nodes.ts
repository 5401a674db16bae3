import { record as recordBridge } from "../../../components/bridge/record";
import { record as recordContiv } from "../../../components/contiv/record";
import { recorded } from "../../../components/network-nodes/record";
import { record as recordNuage } from "../../../components/nuage/record";
import { record as recordOvnKubernetes } from "../../../components/ovn-kubernetes/record";
import { read as bridge } from "../../unit/bridge/read";
import { read as calicoHosts } from "../../unit/calico-hosts/read";
import { settingsOf as contiv, least as leastOfContiv } from "../../unit/contiv/read";
import { read as linen, star } from "../../unit/linen/read";
import { least as leastOfNuage, settingsOf as nuage } from "../../unit/nuage/read";
import { read as openvswitch } from "../../unit/openvswitch/read";
import { needed as neededOfOvn, read as ovnKubernetes } from "../../unit/ovn-kubernetes/read";
import { controller, program, tunnelEnds, wire } from "./hosts";
import { played } from "./played";

/** Tunnels, whose packets leave by a device that leads nowhere. */
function overTheWire(tunnel: Record<string, unknown>) {
  const ends = ["node1", "node2"].map((node) => [node, `10.17.0.${node.slice(-1)}`]);
  const endpoints = Object.fromEntries(ends);
  const addresses = Object.fromEntries(ends.map(([node, address]) => [node, `${address}/24`]));
  const nodes = ["node1", "node2"];
  return {
    "br-wire": { nodes, addresses, ports: { [wire]: { type: "nic" } } },
    "br-lan": { nodes, tunnels: { tun: { endpoints, ...tunnel } } },
  };
}

/** Played on nodes of its own, whose pods send packets during a change. */
export const bridged = {
  bridge: played({
    component: "BridgeNetwork",
    recorded: (settings) => recordBridge(bridge(settings)),
    always: { crossSegment: "vxlan" },
    choices: {
      podCidr: ["10.244.0.0/16", "10.244.0.0/15", ["10.244.0.0/16", "fd00:10:244::/48"], "10.200.0.0/16"],
      nodes: [
        ["node1", "node2", "node3"],
        ["node1", "node2", "node3", "node4"],
        ["node1", "node3"],
        ["node1", "node2", "node4"],
      ],
      serviceCidr: [undefined, "10.96.0.0/12", "10.96.0.0/16"],
      otherRanges: [undefined, { vpn: ["172.30.0.0/16"] }],
      masquerade: [undefined, { ipv4: false }, { except: ["192.0.2.0/24"] }],
      mtu: [undefined, 1400, 1420],
      hairpin: [undefined, false],
      portMappings: [undefined, false],
      vxlan: [undefined, { vni: 7 }, { port: 8472 }],
      bridge: [undefined, "pods0"],
      rollout: [undefined, { batch: 1 }],
      verification: [undefined, { coverage: { peers: 1 } }],
    },
  }),
};

/**
 * Networks that are applied to nodes with systemd and Open vSwitch, several beside each other on a node. Open vSwitch
 * forwards in user space: the lab's kernel has none.
 */
export const onHosts = {
  openvswitch: played({
    component: "OpenVSwitch",
    recorded: (settings) => recorded(openvswitch(settings)),
    always: { datapath: "netdev" },
    choices: {
      nodes: [
        ["node1", "node2"],
        ["node1", "node2", "node4"],
      ],
      bridges: [
        { "br-lan": { ports: { lan10: { type: "internal", tag: 10 } } } },
        {
          "br-lan": {
            ports: {
              lan10: { type: "internal", tag: 20, addresses: { node1: "10.19.0.1/24", node2: "10.19.0.2/24" } },
            },
            multicastSnooping: true,
          },
        },
        {
          "br-lan": { spanningTree: "rstp", macAgingSeconds: 60, addresses: { node1: "10.18.0.1/24" } },
          "br-more": { failMode: "secure", protocols: ["OpenFlow13"], sflow: { targets: "192.0.2.9:6343" } },
        },
        {
          "br-lan": {
            ports: { span: { type: "internal", qos: { maxRate: 1_000_000 } }, far: { type: "patch", peer: "near" } },
            mirrors: { all: { all: true, outputPort: "span" } },
            controllers: { targets: "tcp:192.0.2.9:6653" },
          },
          "br-more": { ports: { near: { type: "patch", peer: "far" } } },
        },
        overTheWire({ protocol: "geneve", key: 7, bfd: {} }),
        overTheWire({ protocol: "geneve", key: 8 }),
        overTheWire({ protocol: "vxlan", key: 8, topology: "star", hub: "node1" }),
      ],
      managers: [undefined, "ptcp:6640:127.0.0.1"],
      rollout: [undefined, { batch: 1 }],
    },
  }),
  /** The plugin `linen` and flaxd are not to be had: podnet makes the tunnels, and its proof attaches pods. */
  linen: played({
    component: "LinenNetwork",
    recorded: (settings) => recorded(linen(settings)),
    always: { datapath: "netdev", endpoints: tunnelEnds },
    choices: {
      nodes: [["node1", "node2"], ["node1"]],
      podCidr: ["10.70.0.0/16", "10.70.0.0/15", "10.72.0.0/16"],
      topology: [star, { type: "mesh" }, { type: "mesh", spanningTree: "rstp" }],
      mtu: [undefined, 1380],
      masquerade: [undefined, false],
      hairpin: [undefined, false],
      controller: [undefined, controller],
      nodePrefix: [undefined, 25],
      otherRanges: [undefined, { vpn: ["172.31.0.0/16"] }],
      rollout: [undefined, { batch: 1 }],
    },
  }),
  /** Felix, BIRD, etcd and calicoctl are a program that only lasts, or only ends: files and units are what is played. */
  "calico-hosts": played({
    component: "CalicoHosts",
    recorded: (settings) => recorded(calicoHosts(settings)),
    always: { programs: { felix: program.lasts, etcd: program.lasts, bird: program.lasts, calicoctl: program.ends } },
    choices: {
      nodes: [
        ["node1", "node2"],
        ["node1", "node2", "node3"],
      ],
      orchestrator: [
        { type: "hosts" },
        { type: "hosts", interfaces: { node1: "eth0", node2: "eth0" } },
        { type: "openstack", controllers: ["node1"], region: "north" },
      ],
      datastore: [
        { type: "etcd", endpoints: ["http://198.18.0.5:2379"] },
        { type: "etcd", endpoints: ["http://198.18.0.5:2379", "http://198.18.0.6:2379"] },
        { type: "etcd", members: ["node1"] },
      ],
      felix: [undefined, { logSeverity: "Warning", refreshSeconds: 90 }, { metrics: true }],
      globalPolicies: [
        undefined,
        { web: { selector: "has(node)", ingress: [{ action: "allow", ports: "tcp/443" }] } },
        { web: { selector: "has(node)", ingress: [] } },
      ],
      networkSets: [undefined, { office: { nets: ["192.0.2.0/24"] } }],
      configureOn: [undefined, "node2"],
      otherRanges: [undefined, { vpn: ["172.31.0.0/16"] }],
    },
  }),
  /** netplugin's pods are objects to the stand-in, and netmaster a server that answers as it does. */
  contiv: played({
    component: "ContivNetwork",
    recorded: (settings) => recordContiv(contiv(settings)),
    always: { ...leastOfContiv, netmaster: { url: "http://netmaster.lab:9999" } },
    choices: {
      nodes: [["node1"], ["node1", "node2"]],
      podCidr: ["20.1.0.0/16", "20.2.0.0/16"],
      infraNetwork: [undefined, { subnet: "132.2.2.0/24" }],
      vxlanPort: [undefined, 8475],
      underlayMtu: [undefined, 1450],
      globals: [undefined, { arpMode: "flood" }],
      tenants: [
        undefined,
        { shop: { networks: { web: { subnet: "10.81.0.0/16" } }, groups: { front: { network: "web" } } } },
        {
          shop: {
            networks: { web: { subnet: "10.81.0.0/16" } },
            policies: { closed: { rules: { "1": { direction: "in", priority: 1, action: "deny" } } } },
            groups: { front: { network: "web", policies: ["closed"] } },
          },
        },
        {
          shop: {
            networks: { web: { subnet: "10.81.0.0/16" } },
            policies: { closed: { rules: { "1": { direction: "in", priority: 1, action: "allow" } } } },
          },
        },
      ],
      exporters: [undefined, true],
      openPorts: [undefined, true],
      hostManagers: [undefined, { networkd: true }],
      maxUnavailable: [undefined, 2],
      pullPolicy: [undefined, "Always"],
    },
  }),
  /** The vendor's switch, VSD and VSC are not to be had: its objects and what a node is prepared with are played. */
  nuage: played({
    component: "NuageNetwork",
    recorded: (settings) => recordNuage(nuage(settings)),
    always: { ...leastOfNuage, nodes: ["node3"], monitor: { address: "198.18.0.3" } },
    choices: {
      podCidr: ["70.70.0.0/16", "70.71.0.0/16"],
      release: [undefined, "20.10.5"],
      images: [undefined, { registry: "registry.example.com/nuage", pullSecrets: ["registry"] }],
      vrs: [{ controllers: ["198.18.0.7", "198.18.0.8"] }, { controllers: ["198.18.0.7"], uplink: "eth1" }],
      encryption: [undefined, true],
      strongswan: [undefined, true],
      underlay: [undefined, true],
      statistics: [undefined, true],
      infraTest: [undefined, true],
      serviceCidr: [undefined, "10.97.0.0/16"],
      subnetBits: [undefined, 7],
      cni: [undefined, { mtu: 1400 }, { logLevel: "dbg" }],
      openPorts: [undefined, true],
      hostManagers: [undefined, { networkManager: true }],
      maxUnavailable: [undefined, 2],
    },
  }),
  /** ovnkube's pods are objects to the stand-in; nodes are prepared, and looked at whether they are fit. */
  "ovn-kubernetes": played({
    component: "OvnKubernetesNetwork",
    recorded: (settings) => recordOvnKubernetes(ovnKubernetes(settings)),
    always: { ...neededOfOvn, nodes: ["node4"], crds: "present", allowIrreversible: true },
    choices: {
      podCidr: ["10.90.0.0/16", "10.90.0.0/15", "10.92.0.0/16"],
      kubernetesVersion: [undefined, "1.29"],
      identity: [
        { enabled: false },
        { certificate: { certificate: "CERTIFICATE", key: "of the door", authority: "AUTHORITY" } },
      ],
      gateway: [
        { bridge: "by-ovnkube", interface: "eth0" },
        { bridge: "by-ovnkube", interface: "eth0", mode: "local" },
        { bridge: "by-ovnkube", interface: "eth1", vlanId: 7 },
      ],
      mtu: [undefined, 1380],
      encapPort: [undefined, 6082],
      features: [undefined, { adminNetworkPolicy: true }, { multicast: true, egressQos: false }],
      flowExport: [undefined, { ipfix: ["192.0.2.9:4739"] }],
      ovn: [undefined, { monitorAll: false }],
      logs: [undefined, { level: 5 }],
      controlPlaneReplicas: [undefined, 3],
      unprivileged: [undefined, true],
      openPorts: [undefined, true],
      networkManager: [undefined, true],
    },
  }),
};
