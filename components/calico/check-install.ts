import type { Problem } from "../addresses/problem";
import { dataplaneProblems } from "./check-dataplane";
import { etcdProblems } from "./check-etcd";
import { felixProblems } from "./check-felix";
import { typhaProblems } from "./check-typha";
import type { CalicoSettings } from "./complete";
import type { ParsedSettings } from "./settings";

/** What each way of installing, agent, datastore and dataplane can do, and not. */
export function installProblems(settings: CalicoSettings, parsed: ParsedSettings): Problem[] {
  return [
    ...(settings.install === "operator" ? operatorProblems(settings, parsed) : ownProblems(settings, parsed)),
    ...agentProblems(settings),
    ...dataplaneProblems(settings),
    ...etcdProblems(settings),
    ...policyOnlyProblems(settings),
  ];
}

/** Where the operator puts the CNI plugins and their configuration. */
const operatorsCni = { directory: "/etc/cni/net.d", binaries: "/opt/cni/bin", fileName: "10-calico.conflist" };

function operatorProblems(settings: CalicoSettings, parsed: ParsedSettings): Problem[] {
  const problem = (path: string, rule: string, fix: string): Problem => ({ path, rule, fix });
  const problems: Problem[] = [];
  if (settings.operatorVersion === "")
    problems.push(
      problem(
        "operatorVersion",
        `the operator's release for Calico ${settings.version} is not known here`,
        "say it: the release notes of Calico name it",
      ),
    );
  if (settings.datastore.type === "etcd")
    problems.push(
      problem("datastore", "the operator keeps everything in the Kubernetes API", 'say install: "manifests"'),
    );
  if (settings.agent.type === "felix")
    problems.push(problem("agent", "the operator chooses what runs on nodes", 'say install: "manifests"'));
  if (parsed.typha.replicas !== undefined)
    problems.push(problem("typha.replicas", "the operator counts the nodes and scales Typha itself", "leave it out"));
  if (parsed.namespace !== "kube-system")
    problems.push(problem("namespace", "the operator makes calico-system", "leave it out"));
  for (const name of ["directory", "binaries", "fileName"] as const)
    if (parsed.cni[name] !== operatorsCni[name])
      problems.push({
        path: `cni.${name}`,
        value: parsed.cni[name],
        rule: `the operator takes ${operatorsCni[name]}`,
        fix: 'leave it out, or say install: "manifests"',
      });
  for (const name of ["node", "cni", "kubeControllers", "typha"] as const)
    if (parsed.images[name] !== undefined)
      problems.push(
        problem(
          `images.${name}`,
          "the operator chooses images by its own release",
          "leave it out, or make an ImageSet",
        ),
      );
  return problems;
}

function ownProblems(settings: CalicoSettings, parsed: ParsedSettings): Problem[] {
  const { install, ipam, pools } = settings;
  return [
    ...(parsed.operatorVersion !== undefined
      ? [{ path: "operatorVersion", rule: `there is no operator with install: "${install}"`, fix: "leave it out" }]
      : []),
    ...(install === "policy-only" && ipam !== "host-local"
      ? [
          {
            path: "ipam",
            value: ipam,
            rule: "the network that carries the packets knows the nodes' podCIDRs, and no others",
            fix: "leave it out",
          },
        ]
      : []),
    ...(ipam === "host-local"
      ? Object.entries(pools)
          .filter(([, pool]) => pool.assignment === "Manual" || pool.nodeSelector !== "all()")
          .map(([name]) => ({
            path: `pools.${name}`,
            rule: "with host-local, nodes take addresses from their podCIDR and ask no pool",
            fix: "leave assignment and nodeSelector out",
          }))
      : []),
    ...typhaProblems(settings),
  ];
}

function agentProblems(settings: CalicoSettings): Problem[] {
  const { agent, ipam, install, wireguard, nodes, pools } = settings;
  if (agent.type !== "felix" || install === "operator") return [];
  const tunnels = Object.values(pools).some(({ encapsulation }) => encapsulation !== "None");
  return [
    ...(ipam !== "host-local"
      ? [
          {
            path: "ipam",
            value: ipam,
            rule: "the felix agent's nodes have their tunnel's address in their podCIDR",
            fix: "leave ipam out",
          },
        ]
      : []),
    ...felixProblems(settings),
    ...(wireguard.enabled
      ? [
          {
            path: "wireguard.enabled",
            rule: "calico-node gives WireGuard's interface its address",
            fix: 'take agent: { type: "calico-node" }',
          },
        ]
      : []),
    ...(tunnels && !nodes
      ? [
          {
            path: "nodes",
            rule: "the felix agent's tunnels need each node's own address, and nodes is not given",
            fix: "name the inventory",
          },
        ]
      : []),
  ];
}

function policyOnlyProblems({ install, datastore }: CalicoSettings): Problem[] {
  if (install !== "policy-only" || datastore.type !== "etcd") return [];
  const rule = "policy-only reads the nodes' podCIDRs in the Kubernetes API";
  return [{ path: "datastore", rule, fix: "leave datastore out" }];
}
