import type { InventoryNode } from "../inventory";
import type { NodeStateInput } from "../node/state";
import { bird } from "./bird";
import { type CalicoHostsSettings, isController } from "./complete";
import type { OpenStack } from "./orchestrators";
import { ini, unitFile } from "./unit";

type Part = Pick<NodeStateInput, "files" | "units" | "sysctls">;

/** Neutron's configuration on every node; its server, or the agent that serves virtual machines. */
export function openstack(settings: CalicoHostsSettings, node: InventoryNode): Part {
  const own = settings.orchestrator as OpenStack;
  const controller = isController(settings, node);
  const path = `${own.neutronDirectory}/90-podnet-${settings.name}.conf`;
  const content = neutron(settings, own, controller);
  const routing = own.bgp ? bird(settings, own, node) : {};
  return {
    sysctls: controller ? {} : forwarding(own),
    files: [{ path, content }, ...(routing.files ?? [])],
    units: [controller ? server(settings, content) : agent(own, content), ...(routing.units ?? [])],
  };
}

function forwarding({ families }: OpenStack): Record<string, string> {
  return {
    ...(families.includes("ipv4") && { "net.ipv4.ip_forward": "1" }),
    ...(families.includes("ipv6") && { "net.ipv6.conf.all.forwarding": "1" }),
  };
}

/** The driver takes one address of etcd: the first. */
function neutron({ datastore }: CalicoHostsSettings, { region }: OpenStack, controller: boolean): string {
  if (datastore.type !== "etcd") throw new Error("openstack keeps its resources in etcd");
  const { hostname, port, protocol } = new URL(datastore.endpoints[0] as string);
  const { tls } = datastore;
  return ini({
    ...(controller && { DEFAULT: { core_plugin: "calico" } }),
    calico: {
      etcd_host: hostname.replaceAll(/[[\]]/g, ""),
      etcd_port: port || (protocol === "https:" ? "443" : "80"),
      etcd_scheme: protocol.slice(0, -1),
      ...(tls && { etcd_ca_cert_file: tls.ca, etcd_cert_file: tls.cert, etcd_key_file: tls.key }),
      ...(region !== undefined && { openstack_region: region }),
    },
  });
}

/** neutron-server is the distribution's: it is only started again when its configuration changed, and not at a boot. */
function server({ name }: CalicoHostsSettings, content: string) {
  const service = [
    "Type=oneshot",
    "RemainAfterExit=yes",
    `ExecStart=/bin/sh -c '[ "$(systemctl is-system-running)" = starting ] || systemctl try-restart neutron-server.service'`,
  ];
  const unit = unitFile({
    description: "Neutron's server with the driver of Calico",
    after: ["neutron-server.service"],
    service,
    reads: [content],
  });
  return { name: `podnet-${name}-neutron.service`, content: unit };
}

/** Gives virtual machines their addresses; in the place of Neutron's own DHCP agent. */
function agent({ neutronDirectory }: OpenStack, content: string) {
  const files = `--config-file /etc/neutron/neutron.conf --config-dir ${neutronDirectory}`;
  const service = [
    `ExecStart=/usr/bin/calico-dhcp-agent ${files}`,
    "Restart=always",
    "RestartSec=3",
    "LimitNOFILE=32000",
  ];
  const unit = unitFile({ description: "DHCP agent of Calico", service, reads: [content] });
  return { name: "calico-dhcp-agent.service", content: unit };
}
