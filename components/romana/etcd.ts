import type { KubernetesObject } from "../kubernetes/object";
import { hostPath } from "../kubernetes/pod";
import type { ProgramSettings } from "./complete";
import { deployment, service } from "./deployment";
import { names } from "./names";

/** An etcd of Romana's own: its second API is no business of the cluster's. None where there is one already. */
export function etcd(own: ProgramSettings, labels: Record<string, string>): KubernetesObject[] {
  const { etcd: wanted, serviceAddresses } = own;
  if (wanted.endpoints.length > 0) return [];
  const { clientPort, peerPort } = wanted;
  return [
    service(names.etcd, labels, { address: serviceAddresses.etcd, port: clientPort, portName: "etcd", app: "etcd" }),
    deployment(
      {
        name: names.etcd,
        image: wanted.image,
        labels,
        asksApi: false,
        container: {
          command: [
            "etcd",
            `--listen-client-urls=http://0.0.0.0:${clientPort}`,
            `--advertise-client-urls=http://${serviceAddresses.etcd}:${clientPort}`,
            `--listen-peer-urls=http://127.0.0.1:${peerPort}`,
            "--data-dir=/var/etcd/data",
            ...(hasSwitch(wanted.image) ? ["--enable-v2"] : []),
          ],
          livenessProbe: {
            httpGet: { host: "127.0.0.1", path: "/health", port: clientPort },
            initialDelaySeconds: 15,
            timeoutSeconds: 15,
          },
        },
        volumes: [hostPath("etcd-data", wanted.dataDirectory, "DirectoryOrCreate", { mountPath: "/var/etcd/data" })],
        pod: { securityContext: { seLinuxOptions: { type: "spc_t" } } },
      },
      own,
    ),
  ];
}

/** 3.4 and 3.5 have the second API when they are told to; before, it is always there. */
function hasSwitch(image: string): boolean {
  const [, minor] = /:v?3\.(\d+)/.exec(image) ?? [];
  return Number(minor ?? 5) >= 4;
}
