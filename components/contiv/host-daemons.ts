import { addressOf } from "../addresses/families";
import { unitFile } from "../calico-hosts/unit";
import type { InventoryNode } from "../inventory";
import type { NodeStateInput } from "../node/state";
import { type ContivSettings, conflistPath, isKubernetes, ports, storeUrl } from "./complete";

/** netplugin's modes by ours. Every one of them serves Mesos too, by a socket of its own. */
const modes = { docker: "docker", swarm: "swarm-mode", mesos: "docker" } as const;

type Part = Required<Pick<NodeStateInput, "units" | "files" | "artifacts">>;

/** netplugin, and netmaster where it runs, on a host without Kubernetes. */
export function daemons(settings: ContivSettings, node: InventoryNode): Part {
  const { hosts, mode, name } = settings;
  if (isKubernetes(settings) || !hosts) return { units: [], files: [], artifacts: [] };
  const { binaries, mesosPlugins, artifacts } = hosts;
  const leads = hosts.netmasters.includes(node.name);
  const programs = Object.entries(artifacts).filter(([program]) => program !== "netmaster" || leads);
  return {
    files: mode === "mesos" ? [{ path: conflistPath(settings), content: mesosNetwork(settings) }] : [],
    units: [
      ...(leads
        ? [{ name: unitName(name, "netmaster"), content: unit(settings, "netmaster", masterFlags(settings, node)) }]
        : []),
      { name: unitName(name, "netplugin"), content: unit(settings, "netplugin", pluginFlags(settings, node)) },
    ],
    artifacts: programs.map(([program, artifact]) => ({
      path: `${program === "netcontiv" ? mesosPlugins : binaries}/${program}`,
      ...artifact,
    })),
  };
}

export const unitName = (network: string, program: string) => `podnet-${network}-${program}.service`;

/** netplugin is a driver of Docker's, which asks it for containers that it starts: it is there before. */
function unit({ hosts, mode, name }: ContivSettings, program: string, flags: readonly string[]): string {
  return unitFile({
    description: `Contiv's ${program} of ${name}`,
    after: ["network-online.target", "openvswitch-switch.service", ...(mode === "mesos" ? [] : ["docker.service"])],
    service: [`ExecStart=${[`${hosts?.binaries}/${program}`, ...flags].join(" ")}`, "Restart=always", "RestartSec=2"],
  });
}

function common(settings: ContivSettings): string[] {
  const { mode, encapsulation, forwarding, store } = settings;
  return [
    `--mode=${modes[mode as keyof typeof modes]}`,
    `--netmode=${encapsulation}`,
    `--fwdmode=${forwarding}`,
    `--${store.type === "consul" ? "consul" : "etcd"}-endpoints=${storeUrl(settings)}`,
  ];
}

function masterFlags(settings: ContivSettings, node: InventoryNode): string[] {
  return [
    ...common(settings),
    `--name=${node.name}`,
    `--infra=${settings.aci ? "aci" : "default"}`,
    `--external-address=0.0.0.0:${ports.rest}`,
    `--internal-address=${addressOf(node.addresses, "ipv4") ?? node.addresses[0]}:${ports.rest}`,
  ];
}

function pluginFlags(settings: ContivSettings, node: InventoryNode): string[] {
  const { vlanUplinks, vxlanPort } = settings;
  const address = addressOf(node.addresses, "ipv4") ?? node.addresses[0];
  return [
    ...common(settings),
    `--host=${node.name}`,
    `--vtep-ip=${address}`,
    `--ctrl-ip=${address}`,
    `--vxlan-port=${vxlanPort}`,
    ...(vlanUplinks.length > 0 ? [`--vlan-uplinks=${vlanUplinks.join(",")}`] : []),
  ];
}

/** A network that Mesos' tasks name, by labels of theirs they choose a tenant and a group. */
function mesosNetwork({ name }: ContivSettings): string {
  return `${JSON.stringify({ cniVersion: "0.2.0", name, type: "netcontiv" }, undefined, 2)}\n`;
}
