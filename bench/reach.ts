import Table from "cli-table3";
import { allowedConnections } from "../components/policy/reach/connections";
import { evaluate } from "../components/policy/reach/evaluate";
import { Memory } from "../components/policy/reach/memory";
import type { KubernetesObject, World } from "../components/policy/reach/world";

const workloads = 1000;
const policies = 500;
const namespaces = 50;

interface Figure {
  what: string;
  value: number;
  most: number;
  unit: "s" | "ms" | "MB";
}

/** What the question costs who reaches whom: first, after the change of one policy, and the list of all that is allowed. */
export function measureReach(): void {
  const world = worldOf();
  const memory = new Memory();
  const first = timed(() => evaluate(world, { memory }).table());
  const changed = {
    ...world,
    policies: world.policies.map((policy, index) => (index === policies / 2 ? withPort(policy, 9999) : policy)),
  };
  const second = timed(() => evaluate(changed, { memory }).table());
  const used = process.resourceUsage().maxRSS / 1024;
  const listing = timed(() => allowedConnections(evaluate(changed, { memory })));
  const figures: Figure[] = [
    { what: `${workloads} workloads, ${policies} policies: every pair`, value: first, most: 2, unit: "s" },
    { what: "the same after one policy changed", value: second * 1000, most: 200, unit: "ms" },
    { what: "memory of the whole process, at most", value: used, most: 500, unit: "MB" },
    { what: "all allowed connections in groups", value: listing, most: 5, unit: "s" },
  ];
  const table = new Table({ head: ["", "measured", "goal", ""], style: { head: [], border: [], compact: true } });
  for (const { what, value, most, unit } of figures)
    table.push([
      what,
      `${value.toFixed(unit === "s" ? 2 : 0)} ${unit}`,
      `at most ${most} ${unit}`,
      value <= most ? "reached" : "missed",
    ]);
  console.log(table.toString());
}

function timed(work: () => unknown): number {
  const began = performance.now();
  work();
  return (performance.now() - began) / 1000;
}

/** Deployments in namespaces, each a class of its own; ten policies a namespace, with peers, ports and ranges. */
function worldOf(): World {
  return {
    namespaces: Array.from({ length: namespaces }, (_, index) => ({
      name: `team-${index}`,
      labels: { "kubernetes.io/metadata.name": `team-${index}`, stage: index % 2 ? "prod" : "test" },
    })),
    workloads: Array.from({ length: workloads }, (_, index) => ({
      namespace: `team-${index % namespaces}`,
      name: `app-${index}`,
      owner: `Deployment/app-${index}`,
      labels: { app: `app-${index}`, tier: ["web", "api", "db"][index % 3] as string },
      serviceAccount: "default",
      ports: [{ name: "http", protocol: "TCP" as const, port: 8000 + (index % 100) }],
      addresses: [`10.${16 + (index >> 8)}.${index & 255}.7`],
      hostNetwork: false,
    })),
    serviceAccounts: [],
    nodes: [],
    policies: Array.from({ length: policies }, (_, index) => policyOf(index)),
  };
}

function policyOf(index: number): KubernetesObject {
  const tier = ["web", "api", "db"][index % 3] as string;
  return {
    apiVersion: "networking.k8s.io/v1",
    kind: "NetworkPolicy",
    metadata: { name: `policy-${index}`, namespace: `team-${index % namespaces}` },
    spec: {
      podSelector: index < namespaces ? {} : { matchLabels: { tier } },
      policyTypes: ["Ingress", "Egress"],
      ingress: [
        { from: [{ podSelector: { matchExpressions: [{ key: "tier", operator: "In", values: ["web", tier] }] } }] },
        { from: [{ namespaceSelector: { matchLabels: { stage: "prod" } } }], ports: [{ port: "http" }] },
        { ports: [{ port: 7000 + index, endPort: 7000 + index + 10 }] },
      ],
      egress: [
        { to: [{ namespaceSelector: {} }], ports: [{ port: 53, protocol: "UDP" }, { port: "http" }] },
        { to: [{ ipBlock: { cidr: `10.${index % 256}.0.0/16`, except: [`10.${index % 256}.${index % 200}.0/24`] } }] },
        { to: [{ podSelector: {} }], ports: [{ port: 8000, endPort: 8050 }] },
      ],
    },
  };
}

function withPort(policy: KubernetesObject, port: number): KubernetesObject {
  const spec = policy.spec as { ingress: object[] };
  return { ...policy, spec: { ...spec, ingress: [...spec.ingress, { ports: [{ port }] }] } };
}
