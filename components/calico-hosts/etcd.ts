import type { InventoryNode } from "../inventory";
import type { NodeStateInput } from "../node/state";
import { type CalicoHostsSettings, clientUrl, members, peerUrl } from "./complete";
import { unitFile } from "./unit";

/** A member of the etcd that podnet runs on some of the nodes, under the package's own name, as Felix' unit is. */
export function etcdMember(
  { datastore, nodes, programs, name }: CalicoHostsSettings,
  node: InventoryNode,
): Pick<NodeStateInput, "units" | "directories"> {
  if (datastore.type !== "etcd" || !datastore.members.includes(node.name)) return {};
  const all = members(nodes, datastore.members);
  const [client, peer] = [clientUrl(node, datastore), peerUrl(node, datastore)];
  const { tls } = datastore;
  const data = `/var/lib/etcd/podnet-${name}`;
  const content = unitFile({
    description: "etcd of Calico",
    service: [
      "Type=notify",
      [
        `ExecStart=${programs.etcd}`,
        `--name=${node.name}`,
        `--data-dir=${data}`,
        `--listen-client-urls=${client}`,
        `--advertise-client-urls=${client}`,
        `--listen-peer-urls=${peer}`,
        `--initial-advertise-peer-urls=${peer}`,
        `--initial-cluster=${all.map((one) => `${one.name}=${peerUrl(one, datastore)}`).join(",")}`,
        `--initial-cluster-token=podnet-${name}`,
        ...(tls
          ? [
              `--trusted-ca-file=${tls.ca} --cert-file=${tls.cert} --key-file=${tls.key} --client-cert-auth`,
              `--peer-trusted-ca-file=${tls.ca} --peer-cert-file=${tls.cert} --peer-key-file=${tls.key} --peer-client-cert-auth`,
            ]
          : []),
      ].join(" \\\n  "),
      "Restart=on-failure",
      "RestartSec=2",
      "LimitNOFILE=40000",
    ],
  });
  return {
    directories: [
      { path: "/var/lib/etcd", mode: "0700" },
      { path: data, mode: "0700", purge: true },
    ],
    units: [{ name: "etcd.service", content }],
  };
}
