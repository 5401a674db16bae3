import type { Problem } from "../addresses/problem";
import type { BgpPeer } from "./bgp";
import type { CalicoSettings } from "./complete";
import { isForServices, tunnelOf } from "./pools";

export function bgpProblems(settings: CalicoSettings): Problem[] {
  const { bgp, pools, agent, install } = settings;
  if (!bgp.enabled) {
    const routed = Object.entries(pools).filter(([, pool]) => !isForServices(pool));
    const needed = install === "policy-only" ? [] : routed.filter(([, pool]) => tunnelOf(pool) !== "vxlan");
    return [
      ...needed.map(([name, { encapsulation }]) => ({
        path: "bgp.enabled",
        rule: `nodes learn the routes of pools.${name} (${encapsulation}) by BGP, and it is off`,
        fix: "leave bgp.enabled out, or take VXLAN for this pool",
      })),
      ...(Object.keys(bgp.peers).length > 0 || bgp.routeReflectors
        ? [
            {
              path: "bgp.enabled",
              rule: "BGP is off, and peers or route reflectors are named",
              fix: "leave bgp.enabled out",
            },
          ]
        : []),
    ];
  }
  return [
    ...(agent.type === "felix"
      ? [
          {
            path: "bgp.enabled",
            rule: "the felix agent has no BGP",
            fix: 'leave it out, or take agent: { type: "calico-node" }',
          },
        ]
      : []),
    ...(install === "policy-only"
      ? [{ path: "bgp.enabled", rule: "with policy-only another network tells routes", fix: "leave it out" }]
      : []),
    ...meshProblems(settings),
    ...reflectorProblems(settings),
    ...Object.entries(bgp.peers).flatMap(([name, peer]) => peerProblems(`bgp.peers.${name}`, peer, settings)),
  ];
}

function meshProblems({ bgp }: CalicoSettings): Problem[] {
  const alone = !bgp.nodeToNodeMesh && !bgp.routeReflectors && Object.keys(bgp.peers).length === 0;
  return [
    ...(alone
      ? [
          {
            path: "bgp.nodeToNodeMesh",
            value: "false",
            rule: "nodes speak neither to each other nor to route reflectors or peers, and learn no route",
            fix: "leave it out, or name bgp.routeReflectors or bgp.peers",
          },
        ]
      : []),
    ...(bgp.meshPassword && !bgp.nodeToNodeMesh
      ? [{ path: "bgp.meshPassword", rule: "it is the mesh's password, and there is no mesh", fix: "leave it out" }]
      : []),
  ];
}

function reflectorProblems({ bgp, nodes }: CalicoSettings): Problem[] {
  if (!bgp.routeReflectors) return [];
  const path = "bgp.routeReflectors.nodes";
  const unknown = bgp.routeReflectors.nodes.filter((name) => nodes && !nodes.nodes.some((node) => node.name === name));
  return [
    ...unknown.map((name) => ({
      path,
      value: name,
      rule: `there is no node ${name}`,
      fix: `nodes are: ${nodes?.nodes.map((node) => node.name).join(", ")}`,
    })),
    ...(bgp.routeReflectors.nodes.length < 2
      ? [{ path, rule: "when the only route reflector restarts, nodes lose their routes to pods", fix: "name two" }]
      : []),
  ];
}

function peerProblems(path: string, peer: BgpPeer, { nodes }: CalicoSettings): Problem[] {
  const { node, nodeSelector, peerIp, peerSelector, asNumber, reachableBy } = peer;
  const both = (one: string, other: string): Problem => ({
    path,
    rule: `${one} and ${other} exclude each other`,
    fix: "keep one",
  });
  return [
    ...(node !== undefined && nodeSelector !== undefined ? [both("node", "nodeSelector")] : []),
    ...(peerIp !== undefined && peerSelector !== undefined ? [both("peerIp", "peerSelector")] : []),
    ...(peerSelector !== undefined && asNumber !== undefined ? [both("peerSelector", "asNumber")] : []),
    ...(peerIp === undefined && peerSelector === undefined
      ? [{ path, rule: "the other end is not named", fix: "say peerIp, or peerSelector for nodes of the cluster" }]
      : []),
    ...(peerIp !== undefined && asNumber === undefined
      ? [{ path: `${path}.asNumber`, rule: "a peer outside of the cluster has an AS number", fix: "say it" }]
      : []),
    ...(reachableBy !== undefined && peerIp === undefined
      ? [{ path: `${path}.reachableBy`, rule: "it is the way to peerIp, which is not given", fix: "leave it out" }]
      : []),
    ...(node !== undefined && nodes && !nodes.nodes.some(({ name }) => name === node)
      ? [
          {
            path: `${path}.node`,
            value: node,
            rule: `there is no node ${node}`,
            fix: `nodes are: ${nodes.nodes.map(({ name }) => name).join(", ")}`,
          },
        ]
      : []),
  ];
}
