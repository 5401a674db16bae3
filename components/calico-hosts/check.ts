import { Cidr } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import { failsafeProblems } from "../calico/check-failsafe";
import { policyProblems } from "../calico/policy/check";
import { since } from "../calico/version";
import { nameProblems } from "../network-nodes/name";
import { rangeProblems } from "../network-nodes/ranges";
import { type CalicoHostsSettings, complete, members, peerUrl } from "./complete";
import { lastShipped } from "./orchestrators";
import type { ParsedSettings } from "./settings";

/** What is wrong with settings beyond the single field. */
export function settingsProblems(name: string, parsed: ParsedSettings): Problem[] {
  const settings = complete(name, parsed);
  const { nodes, felix, datastore, orchestrator } = settings;
  return [
    ...nameProblems(name),
    ...legacyProblems(settings),
    ...datastoreProblems(settings, parsed),
    ...addressProblems(settings),
    ...nodeProblems(settings),
    ...failsafeProblems({
      felix,
      nodes,
      apiServer: undefined,
      typha: { replicas: 0 },
      bgp: { enabled: orchestrator.type !== "hosts", listenPort: 179 },
      datastore:
        datastore.type === "etcd"
          ? { type: "etcd", endpoints: [...datastore.endpoints, ...peersOf(settings, datastore)] }
          : { type: "kubernetes" },
    }),
    ...policyProblems(settings, {
      hasTiers: since(settings.version, "3.30.0"),
      nodes: nodes.nodes.map((node) => node.name),
    }),
  ];
}

/** Where members of podnet's etcd speak to each other: without a majority that does, no policy is read or written. */
function peersOf({ nodes }: CalicoHostsSettings, etcd: Extract<CalicoHostsSettings["datastore"], { type: "etcd" }>) {
  return etcd.members.length > 1 ? members(nodes, etcd.members).map((node) => peerUrl(node, etcd)) : [];
}

/** What is likely to go wrong, and is the user's to judge; and that something is dead, once. */
export function settingsWarnings({ nodes, orchestrator }: CalicoHostsSettings): string[] {
  const last = lastShipped[orchestrator.type];
  const dead = `${orchestrator.type} is legacy: Calico ships nothing for it since ${last}, which gets no fixes, also none for security; move to Kubernetes or OpenStack`;
  return [...nodes.warnings, ...(last ? [dead] : [])];
}

function legacyProblems({ orchestrator, legacy, version }: CalicoHostsSettings): Problem[] {
  const last = lastShipped[orchestrator.type];
  if (!last)
    return since(version, "3.0.0")
      ? []
      : [
          {
            path: "version",
            value: version,
            rule: `${orchestrator.type} is made with Calico v3`,
            fix: "leave version out",
          },
        ];
  return [
    ...(legacy
      ? []
      : [
          {
            path: "orchestrator.type",
            value: orchestrator.type,
            rule: `Calico ships nothing for ${orchestrator.type} since ${last}`,
            fix: "say legacy: true to make it all the same, from images without fixes",
          },
        ]),
    ...(since(version, "3.0.0")
      ? [
          {
            path: "version",
            value: version,
            rule: `${last} was the last release for ${orchestrator.type}`,
            fix: "leave version out",
          },
        ]
      : []),
  ];
}

function datastoreProblems({ datastore, orchestrator, nodes }: CalicoHostsSettings, parsed: ParsedSettings): Problem[] {
  const path = "datastore";
  if (datastore.type === "kubernetes") {
    const policies = ["globalPolicies", "networkSets", "tiers", "hostEndpoints"] as const;
    const said = policies.filter((name) => Object.keys(parsed[name]).length > 0);
    return [
      ...(orchestrator.type === "hosts"
        ? []
        : [{ path, rule: `${orchestrator.type} keeps its resources in etcd`, fix: 'say datastore: { type: "etcd" }' }]),
      ...said.map((name) => ({
        path: name,
        rule: "policy in the Kubernetes API is the cluster's",
        fix: `say ${name} in the CalicoNetwork of that cluster`,
      })),
    ];
  }
  const unknown = datastore.members.filter((name) => !nodes.nodes.some((node) => node.name === name));
  return [
    ...unknown.map((name) => noNode("datastore.members", name, nodes)),
    ...(datastore.endpoints.length === 0
      ? [
          {
            path: "datastore.endpoints",
            rule: "no etcd is named",
            fix: "say endpoints, or members that podnet runs one on",
          },
        ]
      : []),
    ...(datastore.members.length > 0 && datastore.members.length % 2 === 0
      ? [
          {
            path: "datastore.members",
            value: datastore.members.join(", "),
            rule: "an even number of members bears no more failures than one less",
            fix: "take 1, 3 or 5",
          },
        ]
      : []),
    ...datastore.endpoints
      .filter((endpoint) => endpoint.startsWith("https:") !== Boolean(datastore.tls))
      .map((value) => ({
        path: "datastore.tls",
        value,
        rule: datastore.tls
          ? "certificates are named, and the endpoint speaks plain HTTP"
          : "the endpoint speaks TLS, and no certificates are named",
        fix: datastore.tls ? "say https, or leave tls out" : "say tls: { ca, cert, key }",
      })),
  ];
}

function addressProblems({ orchestrator, podCidr, otherRanges, nodes }: CalicoHostsSettings): Problem[] {
  const path = "podCidr";
  const needed = orchestrator.type === "docker" || orchestrator.type === "mesos";
  if (!needed)
    return podCidr.length > 0
      ? [{ path, rule: `${orchestrator.type} takes no addresses from Calico's pools`, fix: "leave it out" }]
      : [];
  if (podCidr.length !== 1 || Cidr.parse(podCidr[0] as string).family !== "ipv4")
    return [{ path, rule: `${orchestrator.type} has one IPv4 range`, fix: 'say podCidr: "10.244.0.0/16"' }];
  return rangeProblems({ podCidr, serviceCidr: [], otherRanges }, nodes);
}

function nodeProblems({ orchestrator, nodes, configureOn }: CalicoHostsSettings): Problem[] {
  const known = (name: string) => nodes.nodes.some((node) => node.name === name);
  const named: [string, readonly string[]][] =
    orchestrator.type === "openstack"
      ? [
          ["orchestrator.controllers", orchestrator.controllers],
          ["orchestrator.bgp.routeReflectors", orchestrator.bgp?.routeReflectors ?? []],
        ]
      : orchestrator.type === "hosts"
        ? [["orchestrator.interfaces", Object.keys(orchestrator.interfaces)]]
        : [];
  return [["configureOn", [configureOn]] as [string, string[]], ...named].flatMap(([path, list]) =>
    list.filter((name) => !known(name)).map((name) => noNode(path, name, nodes)),
  );
}

function noNode(path: string, name: string, nodes: CalicoHostsSettings["nodes"]): Problem {
  const all = nodes.nodes.map((node) => node.name);
  return { path, value: name, rule: `there is no node ${name}`, fix: `nodes are: ${all.join(", ")}` };
}
