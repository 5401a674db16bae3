import type { Problem } from "../addresses/problem";
import type { Agent } from "./agent";
import type { Datastore } from "./datastore";

/** What Felix from an image of its own cannot do without calico-node and Calico's controllers beside it. */
export function felixProblems({
  agent,
  autoHostEndpoints,
  datastore,
}: {
  agent: Agent;
  autoHostEndpoints: boolean;
  datastore: Datastore;
}): Problem[] {
  if (agent.type !== "felix") return [];
  return [
    ...(autoHostEndpoints
      ? [
          {
            path: "autoHostEndpoints",
            rule: "calico-kube-controllers makes them, which does not run with the felix agent",
            fix: "name hostEndpoints",
          },
        ]
      : []),
    ...(datastore.type === "etcd"
      ? [{ path: "datastore", rule: "the felix agent is prepared through the Kubernetes API", fix: "leave it out" }]
      : []),
  ];
}
