import { IpAddress } from "../addresses/cidr";
import { addressOf } from "../addresses/families";
import type { InventoryNode } from "../inventory";
import { lines } from "../network-nodes/host-files";
import type { NodeStateInput } from "../node/state";
import type { HostsSettings, WeaveSettings } from "./complete";
import { ipamWord } from "./environment";
import { unitName } from "./unit-name";

/** What nodes have of the password, as Pulumi outputs. */
export interface HostPassword {
  /** The content of its file. */
  file: unknown;
  /** A unit's text that is another when the password is another: weaver reads it only at its start. */
  marked(text: string): unknown;
}

const passwordPath = (network: string) => `/etc/podnet/${network}-weave-password.env`;
const environmentPath = (network: string) => `/etc/podnet/${network}-weave.env`;

/** weave under systemd: its unit, its environment, its password; for Mesos the CNI configuration. */
export function daemon(
  settings: WeaveSettings,
  hosts: HostsSettings,
  node: InventoryNode,
  password: HostPassword | undefined,
): Required<Pick<NodeStateInput, "files" | "units" | "artifacts">> {
  const { name, mode } = settings;
  const { path, artifact } = hosts.weave;
  const environment = environmentOf(settings, hosts);
  return {
    files: [
      { path: environmentPath(name), content: environment },
      ...(password ? [{ path: passwordPath(name), content: password.file as string, mode: "0600" }] : []),
      ...(mode === "mesos"
        ? [{ path: `${hosts.configurations}/10-weave.conf`, content: mesosConfiguration(settings) }]
        : []),
    ],
    units: [{ name: unitName(name), content: unit(settings, hosts, node, password) as string }],
    artifacts: artifact ? [{ path, ...artifact }] : [],
  };
}

function environmentOf({ mtu, transport, version, debug }: WeaveSettings, { imageAccount }: HostsSettings): string {
  const values = {
    DOCKERHUB_USER: imageAccount,
    WEAVE_VERSION: version,
    CHECKPOINT_DISABLE: "1",
    WEAVE_MTU: String(mtu),
    ...(transport.type === "sleeve" && { WEAVE_NO_FASTDP: "1" }),
    ...(debug && { WEAVE_DEBUG: "1" }),
  };
  return lines(Object.entries(values).map(([key, value]) => `${key}=${value}`));
}

/** systemd starts weave again, and not Docker. */
function unit(
  settings: WeaveSettings,
  hosts: HostsSettings,
  node: InventoryNode,
  password: HostPassword | undefined,
): unknown {
  const { name, mode } = settings;
  const { path } = hosts.weave;
  const expose = hosts.expose[node.name];
  const text = lines([
    "[Unit]",
    `Description=Weave Net of ${name} (podnet)`,
    "Requires=docker.service",
    "After=docker.service network-online.target",
    "Wants=network-online.target",
    "StartLimitIntervalSec=0",
    "",
    "[Service]",
    `EnvironmentFile=${environmentPath(name)}`,
    ...(password ? [`EnvironmentFile=${passwordPath(name)}`] : []),
    ...(mode === "mesos" ? [`ExecStartPre=${path} setup`] : []),
    `ExecStartPre=-${path} stop`,
    `ExecStartPre=${[path, "launch", ...launchWords(settings, hosts, node)].join(" ")}`,
    ...(mode === "mesos" || expose ? [`ExecStartPre=${[path, "expose", ...(expose ? [expose] : [])].join(" ")}`] : []),
    `ExecStart=${hosts.docker} attach weave`,
    `ExecStop=${path} stop`,
    "Restart=always",
    "RestartSec=2",
    "",
    "[Install]",
    "WantedBy=multi-user.target",
  ]);
  return password ? password.marked(text) : text;
}

/** weave's own options; those at its default are left out. */
function launchWords(settings: WeaveSettings, hosts: HostsSettings, node: InventoryNode): string[] {
  const { podCidr, connectionLimit, peers, ipamInit, trustedSubnets, transport, logLevel } = settings;
  const { dns } = hosts;
  return [
    "--no-restart",
    `--name=${peerName(node)}`,
    `--nickname=${node.name}`,
    `--ipalloc-range=${podCidr[0]}`,
    `--ipalloc-init=${ipamWord(ipamInit ?? { consensus: peers.length })}`,
    ...(hosts.defaultSubnet ? [`--ipalloc-default-subnet=${hosts.defaultSubnet}`] : []),
    `--conn-limit=${connectionLimit}`,
    ...(trustedSubnets.length > 0 ? [`--trusted-subnets=${trustedSubnets.join(",")}`] : []),
    ...(transport.type === "awsvpc" ? ["--awsvpc"] : []),
    ...(hosts.discovery ? [] : ["--no-discovery"]),
    ...(dns.enabled
      ? [
          `--dns-domain=${dns.domain}`,
          `--dns-ttl=${dns.ttlSeconds}`,
          ...(dns.listenAddress ? [`--dns-listen-address=${dns.listenAddress}`] : []),
        ]
      : ["--no-dns"]),
    ...(hosts.plugin ? [] : ["--plugin=false"]),
    ...(hosts.proxy ? [] : ["--proxy=false"]),
    ...(settings.httpAddress === "127.0.0.1:6784" ? [] : [`--http-addr=${settings.httpAddress}`]),
    ...(settings.statusAddress ? [`--status-addr=${settings.statusAddress}`] : []),
    `--metrics-addr=${settings.metricsAddress}`,
    ...(logLevel === "info" ? [] : [`--log-level=${logLevel}`]),
    ...settings.extraArguments,
    ...peers,
  ];
}

/**
 * A peer's name is a hardware address, which weave makes from the machine-id: two cloned machines would be one peer. This
 * one is locally administered, and has the node's own address in it.
 */
function peerName({ addresses }: InventoryNode): string {
  const { value } = IpAddress.parse(addressOf(addresses, "ipv4") ?? "0.0.0.0");
  const digits = value.toString(16).padStart(8, "0");
  return ["02", "00", ...(digits.match(/../g) ?? [])].join(":");
}

/** Mesos reads files of one plugin each, in an older form of the specification. */
function mesosConfiguration({ hairpin }: WeaveSettings): string {
  return `${JSON.stringify({ cniVersion: "0.3.0", name: "weave", type: "weave-net", hairpinMode: hairpin }, null, 2)}\n`;
}
