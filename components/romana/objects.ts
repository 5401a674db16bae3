import { configMap, type KubernetesObject, labelsOf } from "../kubernetes/object";
import { configMapVolume } from "../kubernetes/pod";
import { accountWithRole, allow } from "../kubernetes/rbac";
import { agent } from "./agent";
import { etcdEndpoints, type ProgramSettings, type RomanaSettings } from "./complete";
import { deployment, service } from "./deployment";
import { etcd } from "./etcd";
import { daemonPort, names } from "./names";
import { publisher } from "./publisher";
import { vipPatches } from "./vips";

const read = ["get", "list", "watch"];
const topologyFolder = "/etc/romana/network";

/**
 * All Kubernetes objects of a Romana network.
 *
 * @param topology the networks and how they are divided: text, or a Pulumi output
 */
export function objects(settings: RomanaSettings, topology: unknown): KubernetesObject[] {
  const { programs: own, routing, policies } = settings;
  const labels = labelsOf("romana", settings.name);
  if (!own) return vipPatches(settings);
  const metadata = (name: string) => ({ name, namespace: names.namespace, labels });
  return [
    ...accountWithRole(metadata(names.agent), [allow("", ["pods", "nodes"], ["get"])]),
    ...etcd(own, labels),
    configMap(metadata(names.topology), { "network.json": topology as string }),
    service(names.daemon, labels, {
      address: own.serviceAddresses.romana,
      port: daemonPort,
      portName: "daemon",
      app: "daemon",
    }),
    daemon(settings, own, labels),
    ...(policies ? listener(own, labels) : []),
    agent(settings, own, labels),
    ...(routing.type === "bgp" ? publisher(routing, own, labels) : []),
    ...(routing.type === "vpc-router" ? aws(own, labels) : []),
    ...vipPatches(settings),
  ];
}

/** Who gives out addresses. It takes the topology at its first start, and keeps it in etcd from then on. */
function daemon({ routing }: RomanaSettings, own: ProgramSettings, labels: Record<string, string>): KubernetesObject {
  return deployment(
    {
      name: "romana-daemon",
      image: own.images.daemon,
      labels,
      container: {
        args: [
          `--initial-network=${topologyFolder}/network.json`,
          `--etcd-endpoints=${etcdEndpoints(own)}`,
          `--cloud=${routing.type === "vpc-router" ? "aws" : "none"}`,
          ...(own.debug ? ["--debug"] : []),
        ],
      },
      volumes: [configMapVolume("topology", names.topology, topologyFolder)],
    },
    own,
  );
}

/** Who brings policies and services of Kubernetes to Romana, where Kubernetes still has them in the old API. */
function listener(own: ProgramSettings, labels: Record<string, string>): KubernetesObject[] {
  const metadata = { name: names.listener, namespace: names.namespace, labels };
  return [
    ...accountWithRole(metadata, [
      allow("", ["pods", "namespaces", "nodes", "endpoints"], read),
      allow("extensions", ["networkpolicies"], read),
      allow("", ["services"], ["update", "list", "watch"]),
    ]),
    deployment(
      {
        name: names.listener,
        image: own.images.listener,
        labels,
        serviceAccount: names.listener,
        container: { args: [`--etcd-endpoints=${etcdEndpoints(own)}`] },
      },
      own,
    ),
  ];
}

/** On AWS: who switches the instances' source/destination check off, and who writes the VPC's routes. */
function aws(own: ProgramSettings, labels: Record<string, string>): KubernetesObject[] {
  const { etcd: store, serviceAddresses } = own;
  const [endpoint] = store.endpoints;
  const { hostname, port } = new URL(endpoint ?? `http://${serviceAddresses.etcd}:${store.clientPort}`);
  return [
    ...accountWithRole({ name: names.aws, namespace: names.namespace, labels }, [allow("", ["nodes"], read)]),
    deployment({ name: names.aws, image: own.images.aws, labels, serviceAccount: names.aws }, own),
    deployment(
      {
        name: names.vpcRouter,
        image: own.images.vpcRouter,
        labels,
        container: { args: ["--etcd_use_v2", `--etcd_addr=${hostname}`, `--etcd_port=${port || "80"}`] },
      },
      own,
    ),
  ];
}
