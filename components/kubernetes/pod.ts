/** One container of a pod; what is not named here is passed on as it is written. */
export interface Container {
  name: string;
  image: string;
  command?: string[];
  args?: string[];
  env?: EnvironmentVariable[];
  volumeMounts?: VolumeMount[];
  [field: string]: unknown;
}

export interface EnvironmentVariable {
  name: string;
  value?: string;
  valueFrom?: Record<string, unknown>;
}

export interface VolumeMount {
  name: string;
  mountPath: string;
  subPath?: string;
  readOnly?: true;
  mountPropagation?: "HostToContainer" | "Bidirectional";
}

export interface Volume {
  name: string;
  [source: string]: unknown;
}

/** A volume and where containers see it: what a pod lists twice is said once. */
export interface MountedVolume {
  volume: Volume;
  mount: VolumeMount;
}

/** What must be at a path of the node, or is made there (Kubernetes' HostPathType). */
export type HostPathType = "Directory" | "DirectoryOrCreate" | "File" | "FileOrCreate" | "CharDevice" | "Socket";

type Mounting = Pick<VolumeMount, "readOnly" | "mountPropagation"> & { mountPath?: string };

/** A path of the node, seen at the same path in the container unless `mountPath` says another. */
export function hostPath(name: string, path: string, type: HostPathType, mounting: Mounting = {}): MountedVolume {
  return { volume: { name, hostPath: { path, type } }, mount: { name, mountPath: path, ...mounting } };
}

/** A ConfigMap's keys as files; `items` takes some of them, by the names of their files. */
export function configMapVolume(name: string, configMap: string, mountPath: string, items?: Record<string, string>) {
  return projected(name, { configMap: { name: configMap, ...keysOf(items) } }, mountPath);
}

/** A Secret's keys as files that only their owner reads. */
export function secretVolume(name: string, secretName: string, mountPath: string, items?: Record<string, string>) {
  return projected(name, { secret: { secretName, defaultMode: 0o400, ...keysOf(items) } }, mountPath);
}

function projected(name: string, source: Record<string, unknown>, mountPath: string): MountedVolume {
  return { volume: { name, ...source }, mount: { name, mountPath, readOnly: true } };
}

function keysOf(items: Record<string, string> | undefined) {
  return items ? { items: Object.entries(items).map(([path, key]) => ({ key, path })) } : {};
}

/** Plain values, in their order. */
export function values(variables: Record<string, string>): EnvironmentVariable[] {
  return Object.entries(variables).map(([name, value]) => ({ name, value }));
}

/** What the pod knows of itself: "metadata.name", "spec.nodeName", "spec.serviceAccountName". */
export function fieldRef(name: string, fieldPath: string): EnvironmentVariable {
  return { name, valueFrom: { fieldRef: { fieldPath } } };
}

export function configMapKey(name: string, configMap: string, key: string): EnvironmentVariable {
  return { name, valueFrom: { configMapKeyRef: { name: configMap, key } } };
}

export function secretKey(name: string, secret: string, key: string): EnvironmentVariable {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}
