import type { Container, EnvironmentVariable, MountedVolume } from "../kubernetes/pod";
import { type ImageSettings, pullSecrets } from "./images";

interface RestrictedPod {
  /** Of the container. */
  name: string;
  /** Image and command, as `programs` knows them. */
  program: Pick<Container, "image" | "command">;
  images: ImageSettings;
  serviceAccount: string;
  tolerations: Record<string, unknown>[];
  env: EnvironmentVariable[];
  /** Each with what its program answers. */
  livenessProbe: Record<string, unknown>;
  readinessProbe: Record<string, unknown>;
  /** @default none */
  ports?: Record<string, unknown>[];
  /** @default none */
  volumes?: MountedVolume[];
  /** The group that owns what is mounted. @default the image's own */
  fsGroup?: number;
  /** Further fields of the pod. */
  pod?: Record<string, unknown>;
}

/** The pod of a program of Calico's that works for the whole cluster and needs nothing of its node: no root, no more rights. */
export function restrictedPod(wanted: RestrictedPod): Record<string, unknown> {
  const { name, program, images, env, livenessProbe, readinessProbe, ports, volumes = [], fsGroup } = wanted;
  const container = {
    name,
    ...program,
    imagePullPolicy: images.pullPolicy,
    ...(ports && { ports }),
    env,
    livenessProbe,
    readinessProbe,
    securityContext: { runAsNonRoot: true, allowPrivilegeEscalation: false },
    ...(volumes.length > 0 && { volumeMounts: volumes.map(({ mount }) => mount) }),
  };
  return {
    nodeSelector: { "kubernetes.io/os": "linux" },
    priorityClassName: "system-cluster-critical",
    serviceAccountName: wanted.serviceAccount,
    tolerations: wanted.tolerations,
    securityContext: { ...(fsGroup !== undefined && { fsGroup }), seccompProfile: { type: "RuntimeDefault" } },
    ...wanted.pod,
    ...pullSecrets(images),
    containers: [container],
    ...(volumes.length > 0 && { volumes: volumes.map(({ volume }) => volume) }),
  };
}
