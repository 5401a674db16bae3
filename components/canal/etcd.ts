import { type Datastore, etcdFiles } from "../calico/datastore";
import { pullSecrets } from "../calico/images";
import { certificates } from "../calico/node-pod";
import { cloudKeysOf } from "../flannel/backends";
import { flanneld, flanneldVolumes } from "../flannel/containers";
import type { GivenConfiguration } from "../flannel/objects";
import type { KubernetesObject } from "../kubernetes/object";
import { type Container, fieldRef, type MountedVolume } from "../kubernetes/pod";
import { type CanalSettings, flannelOf } from "./complete";

type Etcd = Extract<Datastore, { type: "etcd" }>;

/** flanneld that leases the node's subnet in etcd, and tells it the plugin by a file of the node. */
export function flanneldOfEtcd(settings: CanalSettings): { container: Container; volumes: MountedVolume[] } {
  const datastore = settings.datastore as Etcd;
  const flannel = flannelOf(settings);
  const container = flanneld(flannel);
  const configured = ({ volume }: MountedVolume) => volume.name === "configuration";
  const mounted = [...flanneldVolumes(flannel).filter((one) => !configured(one)), ...certificates(datastore)];
  return {
    container: {
      ...container,
      args: [
        `--etcd-endpoints=${datastore.endpoints.join(",")}`,
        `--etcd-prefix=${settings.flannel.etcdPrefix}`,
        ...(datastore.tlsSecret
          ? [`--etcd-cafile=${etcdFiles.ca}`, `--etcd-certfile=${etcdFiles.cert}`, `--etcd-keyfile=${etcdFiles.key}`]
          : []),
        ...(container.args ?? []).filter((word) => word !== "--kube-subnet-mgr"),
      ],
      // It does not ask the API server; a cloud's routes it makes all the same.
      env: [
        fieldRef("NODE_NAME", "spec.nodeName"),
        ...(container.env ?? []).filter(({ name }) => name in cloudKeysOf(flannel.backend)),
      ],
      volumeMounts: mounted.map(({ mount }) => mount),
    },
    volumes: mounted,
  };
}

/** Writes flannel's configuration into etcd, by the verb of etcd's third API, which flannel reads since v0.20. */
export function flannelJob(
  settings: CanalSettings,
  { netConf, hash }: GivenConfiguration,
  place: { namespace: string; labels: Record<string, string> },
): KubernetesObject {
  const datastore = settings.datastore as Etcd;
  const mounted = certificates(datastore);
  const tls = [`--cacert=${etcdFiles.ca}`, `--cert=${etcdFiles.cert}`, `--key=${etcdFiles.key}`];
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: { ...place, name: `canal-flannel-${String(hash).slice(0, 10)}` },
    spec: {
      backoffLimit: 20,
      template: {
        metadata: { labels: place.labels },
        spec: {
          hostNetwork: true,
          restartPolicy: "OnFailure",
          tolerations: [{ operator: "Exists" }],
          ...pullSecrets(settings.images),
          containers: [
            {
              name: "etcdctl",
              image: settings.flannel.etcdctlImage,
              imagePullPolicy: settings.images.pullPolicy,
              command: [
                "etcdctl",
                `--endpoints=${datastore.endpoints.join(",")}`,
                ...(datastore.tlsSecret ? tls : []),
                "put",
                `${settings.flannel.etcdPrefix}/config`,
                netConf,
              ],
              volumeMounts: mounted.map(({ mount }) => mount),
            },
          ],
          volumes: mounted.map(({ volume }) => volume),
        },
      },
    },
  };
}
