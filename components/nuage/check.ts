import { Cidr } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import { nameProblems } from "../network-nodes/name";
import { saidFields } from "../network-nodes/needless";
import { rangeProblems, rangeWarnings } from "../network-nodes/ranges";
import { complete, type NuageSettings, portMore } from "./complete";
import { nuageSettings, type ParsedSettings } from "./settings";
import { cni, images, monitor, vsd } from "./settings-parts";

/** What is wrong with settings beyond the single field. */
export function settingsProblems(name: string, parsed: ParsedSettings): Problem[] {
  const settings = complete(name, parsed);
  return [
    ...nameProblems(name),
    ...rangeProblems(settings, settings.nodes),
    ...familiesOf(settings),
    ...subnetProblems(settings),
    ...mtuProblems(settings),
    ...installProblems(settings),
    ...untold(parsed),
    ...monitorProblems(settings),
  ];
}

function familiesOf({ podCidr, serviceCidr }: NuageSettings): Problem[] {
  return Object.entries({ podCidr, serviceCidr })
    .filter(([, list]) => list.length !== 1 || list[0]?.includes(":"))
    .map(([path, list]) => ({
      path,
      value: list.join(", "),
      rule: `Nuage's templates know one IPv4 range as ${path}`,
      fix: "name one",
    }));
}

function subnetProblems({ podCidr, subnetBits }: NuageSettings): Problem[] {
  return podCidr.flatMap((text): Problem[] => {
    const { prefix, family } = Cidr.parse(text);
    if (family === "ipv6" || 32 - prefix > subnetBits) return [];
    return [
      {
        path: "subnetBits",
        value: String(subnetBits),
        rule: `subnets of /${32 - subnetBits} do not fit ${text} twice: each namespace has one of its own`,
        fix: "say fewer bits, or a larger podCidr",
      },
    ];
  });
}

function mtuProblems({ cni, underlayMtu }: NuageSettings): Problem[] {
  return Object.entries({ "cni.mtu": cni.mtu, "cni.interfaceMtu": cni.interfaceMtu - portMore })
    .filter(([path, mtu]) => mtu > underlayMtu - 50 && (path === "cni.mtu" || mtu !== cni.mtu))
    .map(([path, mtu]) => ({
      path,
      value: String(mtu),
      rule: `VXLAN puts 50 bytes around a pod's packets, and the underlay carries ${underlayMtu}`,
      fix: `say ${underlayMtu - 50} or less for pods, or the underlay's real MTU`,
    }));
}

/** The operator takes files of the nodes, and the DaemonSets what podnet gives them. */
function installProblems({ install, operator, vsd, infraTest, strongswan, encryption }: NuageSettings): Problem[] {
  const certificate = [vsd.certificate, vsd.key].filter((one) => one !== undefined).length;
  if (install === "operator")
    return [
      ...(operator
        ? []
        : [
            {
              path: "operator",
              rule: "nobody offers an image of the operator",
              fix: "build it from upstream's code, and say operator: { image, registry }",
            },
          ]),
      ...(certificate > 0
        ? [
            {
              path: "vsd.certificate",
              rule: "the operator takes the certificate from files of the monitor's nodes",
              fix: "put it there, and say vsd.certificateFile and vsd.keyFile",
            },
          ]
        : []),
      ...(strongswan ? [{ path: "strongswan", rule: "the operator does not know it", fix: "leave it out" }] : []),
      ...(infraTest ? [{ path: "infraTest", rule: "the operator brings its own", fix: "leave it out" }] : []),
    ];
  return [
    ...(operator
      ? [
          {
            path: "operator",
            rule: 'operator is set, and install is "daemonsets"',
            fix: "leave it out, or say install: operator",
          },
        ]
      : []),
    ...(certificate === 2
      ? []
      : [
          {
            path: "vsd.certificate",
            rule: "the VSD knows the monitor by its user's certificate and key",
            fix: "give both, as the VSD's certMgmt.sh makes them",
          },
        ]),
    ...(strongswan && !encryption
      ? [
          {
            path: "strongswan",
            rule: "strongSwan encrypts, and encryption is false",
            fix: "say encryption: true, or leave it out",
          },
        ]
      : []),
  ];
}

const { namespace, apiServer, maxUnavailable } = nuageSettings.shape;

/** What upstream's operator decides itself, by where it is said. */
const ofTheOperator = {
  "": { namespace, apiServer, maxUnavailable },
  images: images.omit({ pullPolicy: true }).shape,
  vsd: { apiVersion: vsd.shape.apiVersion },
  monitor: monitor.omit({ address: true, port: true, nodes: true }).shape,
  cni: { interfaceMtu: cni.shape.interfaceMtu },
};

function untold(parsed: ParsedSettings): Problem[] {
  if (parsed.install !== "operator") return [];
  return Object.entries(ofTheOperator).flatMap(([part, fields]) => {
    const values = part === "" ? parsed : parsed[part as "cni"];
    return saidFields(fields, values).map((field) => {
      const path = part === "" ? field : `${part}.${field}`;
      return { path, rule: `${path} is decided by the operator, which podnet cannot tell it`, fix: "leave it out" };
    });
  });
}

function monitorProblems({ monitor, nodes }: NuageSettings): Problem[] {
  return monitor.nodes
    .filter((name) => nodes && !nodes.nodes.some((node) => node.name === name))
    .map((name) => ({
      path: "monitor.nodes",
      value: name,
      rule: `there is no node ${name}`,
      fix: "name nodes as Kubernetes calls them",
    }));
}

/** What is likely to go wrong, and is the user's to judge; and what Nuage is, once. */
export function settingsWarnings(settings: NuageSettings): string[] {
  const { nodes, monitor, install, vrs } = settings;
  const nics = new Set(nodes?.nodes.map(({ nic }) => nic));
  return [
    ...(nodes?.warnings ?? []),
    ...rangeWarnings(settings),
    "Nuage is proprietary, and its public code for Kubernetes is of 2020: it runs with the vendor's VSD, VSC and images alone, and podnet has never seen it run",
    "Nuage's pods may do everything in the cluster (cluster-admin), and do not check the API server's certificate: neither can be told otherwise",
    "Nuage reads ingress of NetworkPolicies alone, one port a rule, no ranges of addresses; and refuses one without the label nuage.io/priority, which podnet's baselines have",
    ...(install === "daemonsets" && monitor.nodes.length === 0
      ? [
          "monitor.nodes is not said: the monitor runs nowhere until nodes of the control plane have the label install-monitor=true",
        ]
      : []),
    ...(vrs.controllers.length === 1 ? ["vrs.controllers has one VSC: without it no flow is learned"] : []),
    ...(nics.size > 1 && vrs.uplink === "eth0"
      ? ["the nodes' NICs have different names: say vrs.uplink, or give each the same"]
      : []),
    ...(monitor.nodes.length > 1
      ? ["several monitors agree by the cluster's own etcd: its keys /nuage.io/v1.0/ stay when the network goes"]
      : []),
  ];
}
