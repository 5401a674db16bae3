import type { Problem } from "../addresses/problem";
import type { RomanaSettings } from "./complete";

/** Who makes routes, and whether they can. */
export function routingProblems({ routing, routes, attach, nodes, topology }: RomanaSettings): Problem[] {
  const { type } = routing;
  const planned = nodes !== undefined && topology.type === "nodes";
  const segments = [...new Set(nodes?.nodes.map(({ segment }) => segment))];
  return [
    ...((type === "routes") === Boolean(routes)
      ? []
      : [
          {
            path: "routing.type",
            value: type,
            rule: routes ? `routes is set, and the routing is "${type}"` : "nothing makes the routes",
            fix: routes
              ? 'leave routing out, or say { type: "routes" }'
              : "say routes: (name, network, options) => new AwsRoutes(...)",
          },
        ]),
    ...((type === "routes" || type === "nodes") && !planned
      ? [
          {
            path: "routing.type",
            value: type,
            rule: "routes lead to each node's subnet, and the nodes have none that podnet knows",
            fix: 'say nodes: Inventory.fromFile(path), and topology: { type: "nodes" }',
          },
        ]
      : []),
    ...(attach === "cni" && ["agent", "bgp", "vpc-router"].includes(type)
      ? [
          {
            path: "routing.type",
            value: type,
            rule: `with attach "cni" none of Romana's programs runs that would make them`,
            fix: 'say { type: "nodes" }, or routes for a cloud\'s',
          },
        ]
      : []),
    ...(attach === "cni" && nodes && topology.type !== "nodes"
      ? [
          {
            path: "topology.type",
            value: topology.type,
            rule: 'with attach "cni" each node has a subnet of its own',
            fix: "leave topology out",
          },
        ]
      : []),
    ...(type === "agent" && segments.length > 1
      ? [
          {
            path: "routing.type",
            value: type,
            rule: `Romana's agent makes routes inside one segment only, and the nodes are in ${segments.join(", ")}`,
            fix: 'say { type: "bgp", neighbors: [...] } for routers that learn them, or { type: "nodes" } for such that are told',
          },
        ]
      : []),
  ];
}
