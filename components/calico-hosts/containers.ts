import { addressOf } from "../addresses/families";
import type { InventoryNode } from "../inventory";
import type { NodeStateInput } from "../node/state";
import type { CalicoHostsSettings } from "./complete";
import { unitFile } from "./unit";

type Part = Pick<NodeStateInput, "files" | "units" | "artifacts" | "directories">;

/** What calico/node writes there means nothing once it is gone. */
const logs = { path: "/var/log/calico", purge: true };

/** Docker's networks: the plugin is in the image, and Docker needs a store that all its daemons share. */
export function docker(settings: CalicoHostsSettings, node: InventoryNode): Part {
  const { orchestrator, datastore } = settings;
  if (orchestrator.type !== "docker" || datastore.type !== "etcd") return {};
  const { tls, endpoints } = datastore;
  const store = endpoints.map((endpoint) => new URL(endpoint).host).join(",");
  const options = tls && { "kv.cacertfile": tls.ca, "kv.certfile": tls.cert, "kv.keyfile": tls.key };
  const daemon = { "cluster-store": `etcd://${store}`, ...(options && { "cluster-store-opts": options }) };
  const content = `${JSON.stringify(daemon, undefined, 2)}\n`;
  const plugin = ["-v /run/docker/plugins:/run/docker/plugins", "-v /var/run/docker.sock:/var/run/docker.sock"];
  const wanted = orchestrator.daemonConfiguration;
  return {
    directories: [logs],
    files: wanted ? [{ path: "/etc/docker/daemon.json", content }] : [],
    units: [
      ...(wanted ? [restarted(settings, content)] : []),
      calicoNode(settings, node, orchestrator.image, { CALICO_LIBNETWORK_ENABLED: "true" }, plugin),
    ],
  };
}

/** Docker reads its configuration at its start. */
function restarted({ name }: CalicoHostsSettings, content: string) {
  const unit = unitFile({
    description: "Docker with the cluster store of Calico",
    after: ["docker.service"],
    service: [
      "Type=oneshot",
      "RemainAfterExit=yes",
      `ExecStart=/bin/sh -c '[ "$(systemctl is-system-running)" = starting ] || systemctl try-restart docker.service'`,
    ],
    reads: [content],
  });
  return { name: `podnet-${name}-docker.service`, content: unit };
}

/** Mesos' tasks: the CNI plugin and its configuration, which the agents' flags point to. */
export function mesos(settings: CalicoHostsSettings, node: InventoryNode): Part {
  const { orchestrator, datastore, name } = settings;
  if (orchestrator.type !== "mesos" || datastore.type !== "etcd") return {};
  const { tls, endpoints } = datastore;
  const configuration = {
    name: orchestrator.network,
    cniVersion: "0.2.0",
    type: "calico",
    etcd_endpoints: endpoints.join(","),
    ...(tls && { etcd_ca_cert_file: tls.ca, etcd_cert_file: tls.cert, etcd_key_file: tls.key }),
    ipam: { type: "calico-ipam" },
  };
  const content = `${JSON.stringify(configuration, undefined, 2)}\n`;
  return {
    directories: [logs],
    files: [{ path: `${orchestrator.directory}/podnet-${name}.json`, content }],
    artifacts: Object.entries(orchestrator.artifacts).flatMap(([plugin, artifact]) =>
      artifact ? [{ path: `${orchestrator.binaries}/${plugin}`, ...artifact }] : [],
    ),
    units: [calicoNode(settings, node, orchestrator.image, { CALICO_LIBNETWORK_ENABLED: "false" }, [])],
  };
}

/** calico/node as a container of Docker's, as it was run before Kubernetes: Felix, BIRD and confd in one. */
function calicoNode(
  settings: CalicoHostsSettings,
  node: InventoryNode,
  image: string,
  further: Record<string, string>,
  mounts: readonly string[],
) {
  const { datastore, podCidr, encapsulation, programs } = settings;
  if (datastore.type !== "etcd") throw new Error("calico/node of v2.6 keeps its resources in etcd");
  const { tls, endpoints } = datastore;
  const modes = { IPIP: "always", IPIPCrossSubnet: "cross-subnet", None: "off" };
  const environment = {
    NODENAME: node.name,
    IP: addressOf(node.addresses, "ipv4") as string,
    CALICO_NETWORKING_BACKEND: "bird",
    CALICO_IPV4POOL_CIDR: podCidr[0] as string,
    CALICO_IPV4POOL_IPIP: modes[encapsulation],
    ETCD_ENDPOINTS: endpoints.join(","),
    ...(tls && { ETCD_CA_CERT_FILE: tls.ca, ETCD_CERT_FILE: tls.cert, ETCD_KEY_FILE: tls.key }),
    ...further,
  };
  const folders = tls ? [...new Set(Object.values(tls).map((path) => path.replace(/\/[^/]*$/, "")))] : [];
  const run = [
    `${programs.docker} run --rm --name calico-node --net=host --privileged`,
    ...Object.entries(environment).map(([key, value]) => `-e ${key}=${value}`),
    ...[logs.path, "/var/run/calico", "/lib/modules"].map((path) => `-v ${path}:${path}`),
    ...folders.map((path) => `-v ${path}:${path}:ro`),
    ...mounts,
    image,
  ].join(" \\\n  ");
  const content = unitFile({
    description: "calico-node",
    after: ["docker.service"],
    service: [
      `ExecStartPre=-${programs.docker} rm -f calico-node`,
      `ExecStart=${run}`,
      `ExecStop=-${programs.docker} stop calico-node`,
      "Restart=always",
      "RestartSec=5",
    ],
  });
  return { name: `podnet-${settings.name}-calico-node.service`, content: `${content}` };
}
