import { families } from "../addresses/families";
import type { Problem } from "../addresses/problem";
import { needlessNodes } from "../network-nodes/needless";
import { isRoutedByOthers } from "./backends";
import type { FlannelSettings } from "./complete";
import type { ParsedSettings } from "./settings";

/** What one way of running needs, and what is only said of the other. */
export function modeProblems(settings: FlannelSettings, parsed: ParsedSettings): Problem[] {
  return [
    ...(settings.mode === "etcd" ? hostProblems(settings) : kubernetesProblems(parsed)),
    ...(parsed.mode === "etcd" && parsed.kubernetes ? [stranger("kubernetes", "etcd")] : []),
    ...(parsed.mode === "kubernetes" && parsed.etcd ? [stranger("etcd", "kubernetes")] : []),
    ...(parsed.nodes ? [] : needlessNodes(changesOfNodes(parsed))),
    ...routesProblems(settings),
    ...ifaceProblems(parsed),
    ...keyProblems(settings),
  ];
}

function stranger(path: string, mode: string): Problem {
  return { path, rule: `${path} is set, and the mode is "${mode}"`, fix: `say mode: "${path}", or leave ${path} out` };
}

function hostProblems({ nodes, etcd, podCidr, cni }: FlannelSettings): Problem[] {
  return [
    ...(nodes
      ? []
      : [
          {
            path: "nodes",
            rule: 'mode "etcd" runs flanneld on nodes, and there are none',
            fix: "say nodes: Inventory.fromFile(path)",
          },
        ]),
    ...(families(podCidr).includes("ipv4")
      ? []
      : [
          {
            path: "podCidr",
            rule: "flannel leases subnets in etcd by IPv4, and podCidr has no IPv4 range",
            fix: "add one, or run flannel in Kubernetes",
          },
        ]),
    ...(etcd
      ? etcdProblems(etcd)
      : [
          {
            path: "etcd",
            rule: 'mode "etcd" needs an etcd',
            fix: 'say etcd: { endpoints: ["https://192.0.2.10:2379"] }',
          },
        ]),
    ...(etcd?.runtime === "docker" && Object.keys(cni.artifacts).length > 0
      ? [
          {
            path: "cni.artifacts",
            rule: 'etcd.runtime is "docker", which uses no CNI plugin',
            fix: "leave cni.artifacts out",
          },
        ]
      : []),
  ];
}

function etcdProblems({
  endpoints,
  tls,
  username,
  password,
  runtime,
  docker,
}: NonNullable<FlannelSettings["etcd"]>): Problem[] {
  const plain = endpoints.filter((one) => one.startsWith("http://"));
  return [
    ...(tls && plain.length > 0
      ? [
          {
            path: "etcd.endpoints",
            value: plain.join(", "),
            rule: "etcd.tls is set, and these endpoints are plain HTTP",
            fix: "write https://",
          },
        ]
      : []),
    // Without a certificate flanneld drops the authority too, and speaks plain HTTP whatever the address says.
    ...(!tls && plain.length < endpoints.length
      ? [
          {
            path: "etcd.tls",
            rule: "flanneld speaks HTTPS to etcd only with a certificate of its own",
            fix: "say etcd.tls: { ca, certificate, key }",
          },
        ]
      : []),
    ...((username === undefined) === (password === undefined)
      ? []
      : [
          {
            path: username === undefined ? "etcd.username" : "etcd.password",
            rule: "username and password go together",
            fix: "give both, or neither",
          },
        ]),
    ...(docker && runtime !== "docker"
      ? [
          {
            path: "etcd.docker",
            rule: `etcd.docker is set, and etcd.runtime is "${runtime}"`,
            fix: 'say runtime: "docker", or leave docker out',
          },
        ]
      : []),
  ];
}

function kubernetesProblems({ allocation, nodes }: ParsedSettings): Problem[] {
  if (allocation !== "podnet" || nodes) return [];
  return [
    {
      path: "nodes",
      rule: 'allocation "podnet" plans the nodes\' subnets, and there are no nodes',
      fix: "say nodes, or leave allocation to the cluster",
    },
  ];
}

/** Routes lead to subnets that podnet knows, with a backend that leaves them to others. */
function routesProblems({ routes, backend, nodes, allocation }: FlannelSettings): Problem[] {
  if (!routes) return [];
  return [
    ...(isRoutedByOthers(backend)
      ? []
      : [
          {
            path: "routes",
            rule: `backend ${backend.type} brings packets to the nodes itself`,
            fix: 'say backend: { type: "aws-vpc" }, "gce", "ali-vpc" or "alloc", or leave routes out',
          },
        ]),
    ...(nodes && allocation === "podnet"
      ? []
      : [
          {
            path: "routes",
            rule: "routes lead to each node's subnet, which podnet does not know here",
            fix: 'say nodes: Inventory.fromFile(path), and leave allocation out or say "podnet"',
          },
        ]),
  ];
}

function changesOfNodes(parsed: ParsedSettings): Record<string, boolean> {
  const { openPorts, modules, checksumOffload, hostManagers, cni } = parsed;
  return {
    openPorts,
    modules: modules.length > 0,
    checksumOffload: !checksumOffload,
    hostManagers: hostManagers.networkManager || hostManagers.networkd,
    "cni.artifacts": Object.keys(cni.artifacts).length > 0,
  };
}

function ifaceProblems({ iface }: ParsedSettings): Problem[] {
  const said = Object.keys(iface).filter((field) => iface[field as keyof typeof iface] !== undefined);
  if (said.length < 2) return [];
  const rule = `iface has ${said.join(" and ")}, and flanneld takes the first of them only`;
  return [{ path: "iface", rule, fix: "keep one" }];
}

function keyProblems({ backend }: FlannelSettings): Problem[] {
  if (backend.type !== "tencent-vpc") return [];
  const [id, secret] = [backend.accessKeyId, backend.accessKeySecret].map((one) => one !== undefined);
  if (id === secret) return [];
  return [{ path: "backend", rule: "accessKeyId and accessKeySecret go together", fix: "give both, or neither" }];
}
