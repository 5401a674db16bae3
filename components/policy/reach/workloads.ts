import { z } from "zod";
import type { Protocol } from "./traffic";
import type { Workload } from "./world";

const labels = z.record(z.string(), z.string()).nullish();
const containers = z
  .array(
    z.looseObject({
      ports: z
        .array(
          z.looseObject({
            name: z.string().nullish(),
            containerPort: z.int().min(1).max(65535),
            protocol: z.enum(["TCP", "UDP", "SCTP"]).nullish(),
          }),
        )
        .nullish(),
      restartPolicy: z.string().nullish(),
    }),
  )
  .nullish();

const podSpec = z.looseObject({
  containers,
  initContainers: containers,
  hostNetwork: z.boolean().nullish(),
  serviceAccountName: z.string().nullish(),
  nodeName: z.string().nullish(),
});
const template = z.looseObject({ metadata: z.looseObject({ labels }).nullish(), spec: podSpec });
type PodSpec = z.output<typeof podSpec>;

const metadata = z.looseObject({
  name: z.string().min(1),
  namespace: z.string().nullish(),
  labels,
  ownerReferences: z
    .array(z.looseObject({ kind: z.string(), name: z.string(), controller: z.boolean().nullish() }))
    .nullish(),
});

const pod = z.looseObject({
  metadata,
  spec: podSpec,
  status: z
    .looseObject({
      phase: z.string().nullish(),
      podIP: z.string().nullish(),
      podIPs: z.array(z.looseObject({ ip: z.string() })).nullish(),
    })
    .nullish(),
});
const ofTemplate = z.looseObject({ metadata, spec: z.looseObject({ replicas: z.int().nullish(), template }) });
const cronJob = z.looseObject({
  metadata,
  spec: z.looseObject({ jobTemplate: z.looseObject({ spec: z.looseObject({ template }) }) }),
});

/** What has pods, or makes them: kind → its form. */
export const workloadKinds = {
  Pod: pod,
  Deployment: ofTemplate,
  StatefulSet: ofTemplate,
  DaemonSet: ofTemplate,
  ReplicaSet: ofTemplate,
  ReplicationController: ofTemplate,
  Job: ofTemplate,
  CronJob: cronJob,
};

/** A pod that runs or will; one that has ended speaks to nobody. */
export function podWorkload({ metadata, spec, status }: z.output<typeof pod>): Workload | undefined {
  if (status?.phase === "Succeeded" || status?.phase === "Failed") return undefined;
  const owner = metadata.ownerReferences?.find(({ controller }) => controller) ?? metadata.ownerReferences?.[0];
  const ips = status?.podIPs?.map(({ ip }) => ip) ?? (status?.podIP ? [status.podIP] : []);
  return {
    ...common(metadata, spec, metadata.labels ?? {}),
    owner: owner ? ownerName(owner, metadata.labels ?? {}) : `Pod/${metadata.name}`,
    addresses: ips,
    node: spec.nodeName ?? undefined,
  };
}

/** A Deployment makes its pods by a ReplicaSet that is named after it and the hash of the template. */
function ownerName({ kind, name }: { kind: string; name: string }, labels: Record<string, string>): string {
  const hash = labels["pod-template-hash"];
  if (kind === "ReplicaSet" && hash !== undefined && name.endsWith(`-${hash}`))
    return `Deployment/${name.slice(0, -hash.length - 1)}`;
  return `${kind}/${name}`;
}

export function controllerWorkload(
  kind: string,
  object: z.output<typeof ofTemplate> | z.output<typeof cronJob>,
): Workload {
  const { metadata, spec } = object;
  const made = ("jobTemplate" in spec ? (spec as z.output<typeof cronJob>["spec"]).jobTemplate.spec : spec) as {
    template: z.output<typeof template>;
  };
  const { template: pods } = made;
  return {
    ...common(metadata, pods.spec, pods.metadata?.labels ?? {}),
    owner: `${kind}/${metadata.name}`,
    addresses: [],
  };
}

function common(
  { name, namespace }: z.output<typeof metadata>,
  spec: PodSpec,
  labels: Record<string, string>,
): Omit<Workload, "owner" | "addresses"> {
  return {
    namespace: namespace ?? "default",
    name,
    labels,
    serviceAccount: spec.serviceAccountName ?? "default",
    ports: portsOf(spec),
    hostNetwork: spec.hostNetwork ?? false,
  };
}

/** Init containers have ended when the pod serves, but for those that are restarted: sidecars. */
function portsOf({ containers, initContainers }: PodSpec): Workload["ports"] {
  const sidecars = (initContainers ?? []).filter(({ restartPolicy }) => restartPolicy === "Always");
  return [...(containers ?? []), ...sidecars].flatMap(({ ports }) =>
    (ports ?? []).map(({ name, containerPort, protocol }) => ({
      name: name ?? undefined,
      protocol: (protocol ?? "TCP") as Protocol,
      port: containerPort,
    })),
  );
}
