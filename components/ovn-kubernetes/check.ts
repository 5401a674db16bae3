import { Cidr, IpAddress, isIpAddress } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import { nameProblems } from "../network-nodes/name";
import { needlessNodes } from "../network-nodes/needless";
import { rangeWarnings } from "../network-nodes/ranges";
import { installProblems } from "./check-install";
import { addressProblems } from "./check-ranges";
import { complete, type OvnKubernetesSettings } from "./complete";
import type { ParsedSettings } from "./settings";
import { knownRelease } from "./version";

/** What is wrong with settings beyond the single field. */
export function settingsProblems(name: string, parsed: ParsedSettings): Problem[] {
  const settings = complete(name, parsed);
  return [
    ...nameProblems(name),
    ...installProblems(settings, parsed),
    ...proxyProblems(settings),
    ...apiServerProblems(settings),
    ...gatewayProblems(settings),
    ...addressProblems(settings),
    ...kubeletProblems(settings),
    ...(parsed.nodes ? [] : needlessNodes(changesOfNodes(parsed))),
  ];
}

/** What is likely to go wrong, and is the user's to judge. */
export function settingsWarnings(settings: OvnKubernetesSettings): string[] {
  const { nodes, kubernetesVersion, version, gateway, identity } = settings;
  return [
    ...(nodes?.warnings ?? []),
    ...rangeWarnings(settings),
    ...(kubernetesVersion === undefined
      ? [`OVN-Kubernetes ${version} needs Kubernetes 1.${knownRelease(version)?.kubernetes}: say kubernetesVersion`]
      : []),
    ...(gateway.bridge === "by-ovnkube"
      ? [`ovnkube moves ${gateway.interface} into a bridge by itself: a node that is lost by it is not taken back`]
      : []),
    ...(identity.enabled
      ? []
      : ["identity is off: whoever takes over one node's ovnkube may change the annotations of all nodes and pods"]),
  ];
}

function proxyProblems({ kubeProxy }: OvnKubernetesSettings): Problem[] {
  if (kubeProxy === "absent") return [];
  const rule = "OVN-Kubernetes makes services work by itself, and with kube-proxy beside it two translate each packet";
  return [
    {
      path: "kubeProxy",
      value: kubeProxy,
      rule,
      fix: 'make the cluster by kubeadm init --skip-phases=addon/kube-proxy, or delete the DaemonSet kube-proxy and restart the nodes; then say kubeProxy: "absent"',
    },
  ];
}

/** Services work only once ovnkube has spoken to the API server. */
function apiServerProblems({ apiServer, serviceCidr }: OvnKubernetesSettings): Problem[] {
  const host = new URL(apiServer).hostname.replace(/^\[|\]$/g, "");
  const within = isIpAddress(host)
    ? serviceCidr.find((range) => {
        const [cidr, address] = [Cidr.parse(range), IpAddress.parse(host)];
        return cidr.family === address.family && cidr.contains(address);
      })
    : [/^kubernetes(\.default(\.svc.*)?)?$/].find((service) => service.test(host));
  if (within === undefined) return [];
  return [
    {
      path: "apiServer",
      value: apiServer,
      rule: "it is a service, and services work only once ovnkube has spoken to the API server",
      fix: "name a control plane node's own address, or that of the load balancer before them",
    },
  ];
}

function gatewayProblems({ gateway, openvswitch, allowIrreversible, nodes }: OvnKubernetesSettings): Problem[] {
  const { bridge, interface: device } = gateway;
  if (bridge === undefined)
    return [
      {
        path: "gateway.bridge",
        rule: `the node's NIC must be in a bridge of Open vSwitch, and where ovnkube moves it there a node can be lost`,
        fix: `say bridge: "made", by which a node that is not reached takes it back; or make ${device} by OpenVSwitch, and say "made-beforehand"`,
      },
    ];
  return [
    ...(bridge === "made" ? uplinkProblems(nodes) : []),
    ...(bridge !== "by-ovnkube" && openvswitch === "pod"
      ? [
          {
            path: "openvswitch",
            value: openvswitch,
            rule: `${device} is in the database of the node's own Open vSwitch, and a second one cannot run beside it`,
            fix: 'say openvswitch: "host"',
          },
        ]
      : []),
    ...(bridge === "by-ovnkube" && !allowIrreversible
      ? [
          {
            path: "gateway.bridge",
            value: bridge,
            rule: "ovnkube moves the NIC with the node's address in separate steps, and nothing takes them back",
            fix: 'say bridge: "made-beforehand"; or allowIrreversible: true where every node has a console',
          },
        ]
      : []),
    ...(bridge === "by-ovnkube" && (device === "br-ex" || device === "br-int")
      ? [
          {
            path: "gateway.interface",
            value: device,
            rule: "ovnkube puts this NIC into a bridge of its own, and it is the name of a bridge",
            fix: `name the NIC of the default route${nodes?.nodes[0]?.nic ? `, such as ${nodes.nodes[0].nic}` : ""}`,
          },
        ]
      : []),
  ];
}

/** podnet moves NICs of nodes that it knows, by their names. */
function uplinkProblems(nodes: OvnKubernetesSettings["nodes"]): Problem[] {
  const fix = 'say nodes: Inventory.fromFile(path), or make the bridge yourself and say "made-beforehand"';
  if (!nodes)
    return [{ path: "gateway.bridge", value: "made", rule: "podnet makes it on nodes, and there are none", fix }];
  return nodes.nodes
    .filter(({ nic }) => nic === undefined)
    .map(({ name }) => ({
      path: `nodes.${name}.nic`,
      rule: `the NIC of ${name} that moves into the bridge is not named`,
      fix: `say nodes.${name}.nic`,
    }));
}

/** ovnkube.sh asks for a node's first certificate by a file of this name. */
function kubeletProblems({ identity, kubeletConfig }: OvnKubernetesSettings): Problem[] {
  if (!identity.enabled || kubeletConfig.endsWith("/kubelet.conf")) return [];
  return [
    {
      path: "kubeletConfig",
      value: kubeletConfig,
      rule: "OVN-Kubernetes reads the kubelet's way to the API server in a file kubelet.conf, of whichever folder",
      fix: "link the file under that name, or say identity: { enabled: false }",
    },
  ];
}

function changesOfNodes({ openPorts, modules, networkManager }: ParsedSettings): Record<string, boolean> {
  return { openPorts, modules: modules.length > 0, networkManager };
}
