import fc from "fast-check";

const keys = ["app", "tier"];
const values = ["a", "b"];
const namespaces = ["x", "y"];
const ports = [80, 81, 443, 8080];
const names = ["http", "dns"];
const protocol = fc.constantFrom("TCP" as const, "UDP" as const, "SCTP" as const);
const labels = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values), { maxKeys: 2 });

/** Some fields, each there or not. */
const some = <T extends Record<string, fc.Arbitrary<unknown>>>(fields: T) => fc.record(fields, { requiredKeys: [] });

const expression = fc.oneof(
  fc.record({
    key: fc.constantFrom(...keys),
    operator: fc.constantFrom("In", "NotIn"),
    values: fc.subarray(values, { minLength: 1 }),
  }),
  fc.record({ key: fc.constantFrom(...keys), operator: fc.constantFrom("Exists", "DoesNotExist") }),
);
const narrow = some({ matchLabels: labels, matchExpressions: fc.array(expression, { maxLength: 2 }) });
/** Half of them select all: policies that never meet decide nothing about their order. */
const selector = fc.oneof(fc.constant({}), narrow);

const ranges = ["10.0.0.0/8", "10.0.0.0/30", "10.0.0.4/30", "10.0.0.2/32", "0.0.0.0/0", "192.0.2.0/24"];
const ipBlock = fc.oneof(
  fc.record({ cidr: fc.constantFrom(...ranges) }),
  fc.record({ cidr: fc.constantFrom("10.0.0.0/8", "0.0.0.0/0"), except: fc.subarray(["10.0.0.0/30", "10.0.0.6/32"]) }),
);
const peer = fc.oneof(
  fc.record({ podSelector: selector }),
  fc.record({ namespaceSelector: selector }),
  fc.record({ podSelector: selector, namespaceSelector: selector }),
  fc.record({ ipBlock }),
);
const port = fc.oneof(
  some({ protocol }),
  fc.record({ protocol, port: fc.constantFrom(...ports) }),
  fc.record({ protocol, port: fc.constantFrom(...names) }),
  fc.record({ protocol, port: fc.constantFrom(80, 81), endPort: fc.constantFrom(81, 443, 9000) }),
);
const rule = (end: "from" | "to") =>
  some({ [end]: fc.array(peer, { maxLength: 2 }), ports: fc.array(port, { maxLength: 2 }) });

const networkPolicy = fc.record({
  apiVersion: fc.constant("networking.k8s.io/v1"),
  kind: fc.constant("NetworkPolicy"),
  metadata: fc.record({ namespace: fc.constantFrom(...namespaces) }),
  spec: fc.record(
    {
      podSelector: selector,
      policyTypes: fc.subarray(["Ingress", "Egress"], { minLength: 1 }),
      ingress: fc.array(rule("from"), { maxLength: 2 }),
      egress: fc.array(rule("to"), { maxLength: 2 }),
    },
    { requiredKeys: ["podSelector"] },
  ),
});

const pods = fc.oneof(
  fc.record({ namespaces: selector }),
  fc.record({ pods: fc.record({ namespaceSelector: selector, podSelector: selector }) }),
);
const destinationPort = fc.oneof(
  fc.record({ number: fc.constantFrom(...ports) }),
  fc.record({ range: fc.record({ start: fc.constantFrom(1, 80), end: fc.constantFrom(81, 443, 65535) }) }),
);
const wanted = fc.oneof(
  fc.record({ tcp: some({ destinationPort }) }),
  fc.record({ udp: some({ destinationPort }) }),
  fc.record({ sctp: some({ destinationPort }) }),
  fc.record({ destinationNamedPort: fc.constantFrom(...names) }),
);
const clusterRule = (end: "from" | "to", one: fc.Arbitrary<unknown>) =>
  fc.record(
    {
      action: fc.constantFrom("Accept", "Deny", "Pass"),
      [end]: fc.array(one, { minLength: 1, maxLength: 2 }),
      protocols: fc.array(wanted, { minLength: 1, maxLength: 2 }),
    },
    { requiredKeys: ["action", end] },
  );
const networks = fc.record({ networks: fc.subarray(ranges, { minLength: 1, maxLength: 2 }) });
const clusterNetworkPolicy = fc.record({
  apiVersion: fc.constant("policy.networking.k8s.io/v1alpha2"),
  kind: fc.constant("ClusterNetworkPolicy"),
  metadata: fc.constant({}),
  spec: fc.record({
    tier: fc.constantFrom("Admin", "Baseline"),
    priority: fc.integer({ min: 0, max: 3 }),
    subject: pods,
    ingress: fc.array(clusterRule("from", pods), { maxLength: 2, size: "max" }),
    egress: fc.array(clusterRule("to", fc.oneof(pods, networks)), { maxLength: 2, size: "max" }),
  }),
});

const pod = fc.record({
  namespace: fc.constantFrom(...namespaces),
  labels,
  host: fc.nat({ max: 5 }),
  http: fc.constantFrom(80, 8080),
  protocol,
});

/** Namespaces, pods and policies of a small world where nearly everything touches everything. */
export const world = fc
  .tuple(
    fc.tuple(labels, labels),
    fc.array(pod, { minLength: 2, maxLength: 4 }),
    fc.array(fc.oneof(networkPolicy, clusterNetworkPolicy, clusterNetworkPolicy), {
      minLength: 1,
      maxLength: 6,
      size: "max",
    }),
  )
  .map(([ofNamespaces, somePods, policies]) => ({
    namespaces: namespaces.map((name, index) => ({
      apiVersion: "v1",
      kind: "Namespace",
      metadata: { name, labels: ofNamespaces[index] },
    })),
    pods: somePods.map(({ namespace, labels: own, host, http, protocol: ofDns }, index) => ({
      apiVersion: "v1",
      kind: "Pod",
      metadata: { name: `pod${index}`, namespace, labels: own },
      spec: {
        hostNetwork: host === 0,
        containers: [
          {
            ports: [
              { name: "http", containerPort: http, protocol: "TCP" },
              { name: "dns", containerPort: 443, protocol: ofDns },
            ],
          },
        ],
      },
      status: { podIPs: [{ ip: `10.0.0.${index + 1}` }] },
    })),
    policies: policies.map((policy, index) => ({ ...policy, metadata: { ...policy.metadata, name: `p${index}` } })),
  }));
export const probed = ports;
