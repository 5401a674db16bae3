import { stringify } from "yaml";
import { configMap, type KubernetesObject } from "../kubernetes/object";
import { configMapVolume } from "../kubernetes/pod";
import { sha256 } from "../node/kinds/file";
import type { Datastore } from "./datastore";
import { type ImageSettings, programs, pullSecrets } from "./images";
import { certificates, datastoreVariables } from "./node-pod";
import type { CalicoResource } from "./policy/objects";

/** Resources as calicoctl takes them: in the form of the API, whose policies of the default tier have no prefix. */
export function calicoctlFile(resources: readonly CalicoResource[]): string {
  const documents = resources.map(({ kind, metadata, spec }) =>
    stringify({
      apiVersion: "projectcalico.org/v3",
      kind,
      metadata: { ...metadata, name: metadata.name.replace(/^default\./, "") },
      spec,
    }),
  );
  return documents.join("---\n");
}

/** Resources as they are stored in the Kubernetes API. */
export function storedObjects(
  resources: readonly CalicoResource[],
  labels: Record<string, string>,
): KubernetesObject[] {
  return resources.map(({ kind, metadata, spec }) => ({
    apiVersion: "crd.projectcalico.org/v1",
    kind,
    metadata: { name: metadata.name, labels: { ...labels, ...metadata.labels } },
    spec,
  }));
}

interface Wanted {
  namespace: string;
  version: string;
  images: ImageSettings;
  labels: Record<string, string>;
  datastore: Datastore;
}

/**
 * Writes resources into etcd, once for each content: its name has the content's hash. What is taken out of the settings
 * stays in etcd, since a Job knows only what is there to write.
 */
export function ctlJob(resources: readonly CalicoResource[], wanted: Wanted): KubernetesObject[] {
  const { namespace, labels, datastore } = wanted;
  const text = calicoctlFile(resources);
  const name = `calico-resources-${sha256(text).slice(0, 10)}`;
  const file = configMapVolume("resources", name, "/resources");
  const mounted = [file, ...certificates(datastore)];
  return [
    configMap({ name, namespace, labels }, { "resources.yaml": text }),
    {
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name, namespace, labels },
      spec: {
        backoffLimit: 20,
        template: {
          metadata: { labels },
          spec: {
            hostNetwork: true,
            restartPolicy: "OnFailure",
            tolerations: [{ operator: "Exists" }],
            ...pullSecrets(wanted.images),
            containers: [
              {
                name: "calicoctl",
                image: programs(wanted.version, wanted.images).ctl,
                imagePullPolicy: wanted.images.pullPolicy,
                args: ["apply", "--filename=/resources/resources.yaml"],
                env: datastoreVariables(datastore),
                volumeMounts: mounted.map(({ mount }) => mount),
              },
            ],
            volumes: mounted.map(({ volume }) => volume),
          },
        },
      },
    },
  ];
}
