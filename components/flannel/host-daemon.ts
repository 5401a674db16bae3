import { Cidr } from "../addresses/cidr";
import { addressOf, families } from "../addresses/families";
import type { InventoryNode } from "../inventory";
import { lines } from "../network-nodes/host-files";
import type { NodeStateInput } from "../node/state";
import { cloudKeysOf } from "./backends";
import type { EtcdSettings, FlannelSettings } from "./complete";
import { flags } from "./flags";

export const unitName = (network: string) => `podnet-${network}-flanneld.service`;

/** Where flanneld's secrets are on a node, for its environment alone. */
const secretsPath = (network: string) => `/etc/podnet/${network}-flanneld.env`;

/** Whether flanneld needs secrets: a password of etcd's, or the keys of a cloud. */
export function hasSecrets({ etcd, backend }: FlannelSettings): boolean {
  return etcd?.password !== undefined || Object.keys(cloudKeysOf(backend)).length > 0;
}

/** The file, as systemd reads it. */
export function secretsFile(values: Record<string, string>): string {
  return lines(Object.entries(values).map(([name, value]) => `${name}="${value.replaceAll(/["\\]/g, "\\$&")}"`));
}

/** What is known outside of the settings. */
export interface OnHosts {
  /** flannel's configuration in etcd, with what of it is a secret, hashed. */
  configuration: string;
  /** The file of flanneld's secrets, a Pulumi output. */
  secrets?: unknown;
}

/** flanneld on a host without Kubernetes: its unit, its secrets, and what makes Docker use the node's subnet. */
export function daemon(
  settings: FlannelSettings,
  etcd: EtcdSettings,
  node: InventoryNode,
  subnets: readonly string[],
  { configuration, secrets }: OnHosts,
): Required<Pick<NodeStateInput, "files" | "units" | "artifacts">> {
  const { name } = settings;
  const { path, artifact } = etcd.flanneld;
  return {
    files: [
      ...(hasSecrets(settings) ? [{ path: secretsPath(name), content: secrets as string, mode: "0600" }] : []),
      ...(etcd.runtime === "docker" ? [dockerDropIn(settings, etcd)] : []),
    ],
    units: [{ name: unitName(name), content: unit(settings, etcd, node, subnets, configuration) }],
    artifacts: artifact ? [{ path, ...artifact }] : [],
  };
}

/**
 * The unit is started when flanneld has its lease and has written the node's subnet, and not before. flanneld ends when
 * two nodes wanted one subnet, or when its lease is taken away: it is started again, however often that happens.
 */
function unit(
  settings: FlannelSettings,
  etcd: EtcdSettings,
  node: InventoryNode,
  subnets: readonly string[],
  configuration: string,
): string {
  const { name } = settings;
  const command = [
    etcd.flanneld.path,
    `--etcd-endpoints=${etcd.endpoints.join(",")}`,
    `--etcd-prefix=${etcd.prefix}`,
    ...(etcd.tls?.ca ? [`--etcd-cafile=${etcd.tls.ca}`] : []),
    ...(etcd.tls ? [`--etcd-certfile=${etcd.tls.certificate}`, `--etcd-keyfile=${etcd.tls.key}`] : []),
    ...(etcd.username ? [`--etcd-username=${etcd.username}`] : []),
    `--subnet-file=${etcd.subnetFile}`,
    `--subnet-lease-renew-margin=${etcd.leaseRenewMarginMinutes}`,
    ...flags({ ...settings, iface: ifaceOf(settings, node) }),
    ...publicAddresses(settings, node),
  ];
  const remember = subnetLine(etcd.subnetFile, subnets);
  return lines([
    "[Unit]",
    `Description=flannel of ${name} (podnet)`,
    // flanneld reads its configuration in etcd only at its start: another one is another unit, which is started again.
    `# configuration ${configuration.slice(0, 16)}`,
    "Wants=network-online.target",
    "After=network-online.target",
    ...(etcd.runtime === "docker" ? ["Before=docker.service"] : []),
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    "Type=notify",
    ...(hasSecrets(settings) ? [`EnvironmentFile=${secretsPath(name)}`] : []),
    ...(remember ? [`ExecStartPre=/bin/sh -c '${remember}'`] : []),
    `ExecStart=${command.map(unitWord).join(" ")}`,
    "TimeoutStartSec=30",
    "Restart=always",
    "RestartSec=1",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ]);
}

/** The NIC that the settings say, or the node's own by its name or its address. */
function ifaceOf({ iface }: FlannelSettings, node: InventoryNode): FlannelSettings["iface"] {
  const said = iface.names ?? iface.regex ?? iface.canReach;
  return said === undefined ? { names: [node.nic ?? (addressOf(node.addresses, "ipv4") as string)] } : iface;
}

/** The node's lease is found again by its address, whatever NIC is the first one after a reboot. */
function publicAddresses({ podCidr }: FlannelSettings, { addresses }: InventoryNode): string[] {
  return families(podCidr).map(
    (family) => `--public-ip${family === "ipv6" ? "v6" : ""}=${addressOf(addresses, family)}`,
  );
}

/**
 * flanneld asks for the subnet that the file of its last run names, as long as it is free. The file is gone after a
 * reboot, so podnet's plan is written there before each start.
 */
function subnetLine(file: string, subnets: readonly string[]): string | undefined {
  if (subnets.length === 0) return undefined;
  const words = subnets.map((text) => {
    const subnet = Cidr.parse(text);
    return `FLANNEL_${subnet.family === "ipv6" ? "IPV6_" : ""}SUBNET=${subnet.address(1)}/${subnet.prefix}`;
  });
  const folder = file.slice(0, file.lastIndexOf("/"));
  const present = words.map((word) => `grep -qsx ${word} ${file}`).join(" && ");
  const written = words.map((word) => `echo ${word}`).join("; ");
  return `{ ${present}; } || { mkdir -p ${folder} && { ${written}; } > ${file}; }`;
}

/** Docker's bridge gets the node's subnet, and leaves translation to flannel. Its start is docker.service's own, and more. */
function dockerDropIn({ name, mtu }: FlannelSettings, { docker, subnetFile }: EtcdSettings) {
  const command = docker?.command ?? "/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock";
  const variable = (called: string) => `\${${called}}`;
  const options = `--bip=${variable("FLANNEL_SUBNET")} --mtu=${mtu ?? variable("FLANNEL_MTU")} --ip-masq=false`;
  const content = lines([
    "[Unit]",
    `Wants=${unitName(name)}`,
    `After=${unitName(name)}`,
    "",
    "[Service]",
    `EnvironmentFile=${subnetFile}`,
    "ExecStart=",
    `ExecStart=${command} ${options}`,
  ]);
  return { path: `/etc/systemd/system/docker.service.d/podnet-${name}.conf`, content };
}

/** One word of a command line as systemd reads it. */
function unitWord(word: string): string {
  const plain = word.replaceAll("%", "%%").replaceAll("$", "$$$$");
  return /^[\w@%+=:,./-]+$/.test(plain) ? plain : `"${plain.replaceAll(/["\\]/g, "\\$&")}"`;
}
