import type { KubernetesObject, Metadata } from "../kubernetes/object";
import { fieldRef, values } from "../kubernetes/pod";
import { hostDaemonSet } from "../kubernetes/workload";
import type { OvnKubernetesSettings } from "./complete";
import { apiServer, container, networks, ownNamespace, ownNode } from "./container";
import { shared } from "./environment";
import { mounts, volumesOf } from "./mounts";
import { names } from "./names";

type Named = Metadata & { namespace: string };

const onControlPlane = [{ key: "node-role.kubernetes.io/control-plane", operator: "Exists" }];

/** The cluster manager, which divides podCidr among nodes; one of its pods leads. */
export function controlPlaneDeployment(settings: OvnKubernetesSettings, metadata: Named): KubernetesObject {
  const selector = { name: names.controlPlane };
  const mounted = [...mounts.run, ...mounts.ovnkubeLogs];
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata,
    spec: {
      replicas: settings.controlPlaneReplicas,
      selector: { matchLabels: selector },
      // Each is at ports of its node: the next one comes when the one before has gone.
      strategy: { type: "RollingUpdate", rollingUpdate: { maxSurge: 0, maxUnavailable: 1 } },
      template: {
        metadata: { labels: { ...metadata.labels, ...selector } },
        spec: {
          nodeSelector: { "kubernetes.io/os": "linux" },
          affinity: {
            nodeAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: {
                nodeSelectorTerms: [{ matchExpressions: onControlPlane }],
              },
            },
            podAntiAffinity: {
              requiredDuringSchedulingIgnoredDuringExecution: [
                { labelSelector: { matchLabels: selector }, topologyKey: "kubernetes.io/hostname" },
              ],
            },
          },
          hostNetwork: true,
          dnsPolicy: "Default",
          priorityClassName: "system-cluster-critical",
          serviceAccountName: names.clusterManager,
          tolerations: [{ operator: "Exists" }],
          containers: [
            container(settings, {
              name: "ovnkube-cluster-manager",
              word: "ovn-cluster-manager",
              env: [
                apiServer,
                ownNamespace,
                ...ownNode,
                fieldRef("POD_NAME", "metadata.name"),
                ...networks,
                ...shared(settings),
              ],
              mounted,
            }),
          ],
          volumes: volumesOf(mounted),
        },
      },
    },
  };
}

/** Approves nodes' certificates, and answers the API server on its own node whether a change is the node's own. */
export function identityDaemonSet(settings: OvnKubernetesSettings, metadata: Named, mark: unknown): KubernetesObject {
  const { logs, features } = settings;
  return hostDaemonSet({
    metadata,
    selector: { name: names.identity },
    annotations: { "podnet.dev/certificate": mark as string },
    serviceAccount: names.identity,
    maxUnavailable: 1,
    nodeSelector: { "node-role.kubernetes.io/control-plane": "" },
    containers: [
      container(settings, {
        name: names.identity,
        word: "ovnkube-identity",
        env: [
          apiServer,
          ...values({
            OVNKUBE_LOGLEVEL: String(logs.level),
            OVN_ENABLE_INTERCONNECT: "true",
            ...(features.hybridOverlay.length > 0 && { OVN_HYBRID_OVERLAY_ENABLE: "true" }),
          }),
        ],
        mounted: mounts.webhook,
      }),
    ],
    volumes: volumesOf(mounts.webhook),
    pod: { dnsPolicy: "Default", priorityClassName: "system-cluster-critical" },
  });
}
