import { calicoctlFile } from "../calico/ctl";
import { type CalicoResource, policyResources } from "../calico/policy/objects";
import type { InventoryNode } from "../inventory";
import type { NodeStateInput } from "../node/state";
import type { CalicoHostsSettings } from "./complete";
import { unitFile } from "./unit";

/**
 * Felix waits for a datastore that is ready. Where no calico-node and no Neutron runs, calicoctl makes it so, with the
 * first Node that it writes.
 */
function startedBy(node: string): CalicoResource {
  return { kind: "Node", metadata: { name: node }, spec: {} };
}

/**
 * Policy in etcd, written by calicoctl on one node. What is taken out of the settings stays until the network goes:
 * calicoctl knows only the file that it is given. When the unit is removed, it takes out what the file has.
 */
export function policy(settings: CalicoHostsSettings, node: InventoryNode): Pick<NodeStateInput, "files" | "units"> {
  const { name, datastore, programs, configureOn, orchestrator } = settings;
  const started = orchestrator.type === "hosts" ? [startedBy(configureOn)] : [];
  const resources = [...started, ...policyResources(settings, settings.version)];
  if (datastore.type !== "etcd" || resources.length === 0 || node.name !== configureOn) return {};
  const path = `/etc/calico/podnet-${name}.yaml`;
  const unit = `podnet-${name}-policy.service`;
  const content = calicoctlFile(resources);
  const { tls, endpoints } = datastore;
  const environment = {
    DATASTORE_TYPE: "etcdv3",
    ETCD_ENDPOINTS: endpoints.join(","),
    ...(tls && { ETCD_CA_CERT_FILE: tls.ca, ETCD_CERT_FILE: tls.cert, ETCD_KEY_FILE: tls.key }),
  };
  const remove = `${programs.calicoctl} delete --skip-not-exists -f ${path}`;
  const service = [
    "Type=oneshot",
    "RemainAfterExit=yes",
    ...Object.entries(environment).map(([key, value]) => `Environment=${key}=${value}`),
    `ExecStart=${programs.calicoctl} apply -f ${path}`,
    // Only a unit that is being removed is disabled.
    `ExecStop=/bin/sh -c '[ "$(systemctl is-enabled ${unit} 2>/dev/null)" != disabled ] || ${remove}'`,
    "Restart=on-failure",
    "RestartSec=5",
  ];
  return {
    files: [{ path, content }],
    units: [
      {
        name: unit,
        content: unitFile({ description: "Policy of Calico", after: ["etcd.service"], service, reads: [content] }),
      },
    ],
  };
}
