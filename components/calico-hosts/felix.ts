import { felixParameters, felixSpec } from "../calico/felix-spec";
import type { InventoryNode } from "../inventory";
import type { NodeStateInput } from "../node/state";
import type { CalicoHostsSettings } from "./complete";
import { ini, unitFile } from "./unit";

type Part = Pick<NodeStateInput, "files" | "units">;

/**
 * Felix from its package, whose unit podnet puts one of its own in front of: the same name in /etc/systemd/system, so
 * that a change of the configuration starts it again, and the package's own is back when podnet's is gone.
 */
export function felix(settings: CalicoHostsSettings, node: InventoryNode): Part {
  const content = configuration(settings, node);
  const path = "/etc/calico/felix.cfg";
  const unit = unitFile({
    description: "Calico Felix",
    service: [
      "ExecStartPre=/bin/mkdir -p /var/run/calico",
      `ExecStart=${settings.programs.felix} --config-file=${path}`,
      "KillMode=process",
      "Restart=on-failure",
      "RestartSec=2",
      "LimitNOFILE=32000",
    ],
    reads: [content],
  });
  return { files: [{ path, content }], units: [{ name: "calico-felix.service", content: unit }] };
}

function configuration(settings: CalicoHostsSettings, node: InventoryNode): string {
  const { orchestrator } = settings;
  const families = orchestrator.type === "openstack" ? orchestrator.families : ["ipv4", "ipv6"];
  const podCidr = families.map((family) => (family === "ipv4" ? "0.0.0.0/0" : "::/0"));
  const { vxlanPort: _, vxlanVni: __, ...own } = settings.felix;
  const spec = felixSpec({ felix: own, podCidr, mtu: node.mtu, dataplane: "iptables" });
  return ini({
    global: {
      FelixHostname: node.name,
      ...datastoreOf(settings),
      ...(orchestrator.type === "openstack" && {
        InterfacePrefix: "tap",
        MetadataAddr: "127.0.0.1",
        MetadataPort: String(orchestrator.metadataPort),
        ...(orchestrator.region !== undefined && { OpenstackRegion: orchestrator.region }),
      }),
      LogSeverityFile: "none",
      LogFilePath: "none",
      HealthEnabled: "true",
      ...felixParameters(spec),
    },
  });
}

function datastoreOf({ datastore }: CalicoHostsSettings): Record<string, string> {
  if (datastore.type === "kubernetes") return { DatastoreType: "kubernetes", Kubeconfig: datastore.kubeconfig };
  const { tls, endpoints } = datastore;
  return {
    DatastoreType: "etcdv3",
    EtcdEndpoints: endpoints.join(","),
    ...(tls && { EtcdCaFile: tls.ca, EtcdCertFile: tls.cert, EtcdKeyFile: tls.key }),
  };
}
