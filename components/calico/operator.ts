import { type KubernetesObject, labelsOf, namespace } from "../kubernetes/object";
import { fieldRef, hostPath, values } from "../kubernetes/pod";
import { clusterRole, clusterRoleBinding, serviceAccount } from "../kubernetes/rbac";
import { methodObject } from "./autodetection";
import type { CalicoSettings } from "./complete";
import { pullSecrets } from "./images";
import { operatorPermissions, operatorSecretPermissions } from "./operator-rbac";

const home = "tigera-operator";

/** Tigera's operator. It is removed after the Installation, whose finalizer only it takes away. */
export function operatorObjects(settings: CalicoSettings): KubernetesObject[] {
  const labels = labelsOf("calico", settings.name);
  const metadata = { name: home, namespace: home, labels };
  const secrets = { name: `${home}-secrets`, labels };
  return [
    namespace({ name: home, labels }, "privileged"),
    serviceAccount(metadata),
    clusterRole(metadata, operatorPermissions),
    clusterRoleBinding(metadata, home, [{ name: home, namespace: home }]),
    clusterRole(secrets, operatorSecretPermissions),
    {
      apiVersion: "rbac.authorization.k8s.io/v1",
      kind: "RoleBinding",
      metadata: { ...secrets, namespace: home },
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name: secrets.name },
      subjects: [{ kind: "ServiceAccount", name: home, namespace: home }],
    },
    ...endpoint(settings, labels),
    deployment(settings, labels),
  ];
}

/** The API server's own address: the operator passes it on to everything that it makes. */
function endpoint({ apiServer }: CalicoSettings, labels: Record<string, string>): KubernetesObject[] {
  if (!apiServer) return [];
  const data = { KUBERNETES_SERVICE_HOST: apiServer.host, KUBERNETES_SERVICE_PORT: String(apiServer.port) };
  return [
    {
      apiVersion: "v1",
      kind: "ConfigMap",
      metadata: { name: "kubernetes-services-endpoint", namespace: home, labels },
      data,
    },
  ];
}

function deployment({ operatorVersion, images }: CalicoSettings, labels: Record<string, string>): KubernetesObject {
  const selector = { name: home };
  const { volume, mount } = hostPath("var-lib-calico", "/var/lib/calico", "DirectoryOrCreate", { readOnly: true });
  const [registry] = images.registry.split("/");
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: home, namespace: home, labels: { ...labels, "k8s-app": home } },
    spec: {
      replicas: 1,
      selector: { matchLabels: selector },
      template: {
        metadata: { labels: { ...labels, ...selector, "k8s-app": home } },
        spec: {
          nodeSelector: { "kubernetes.io/os": "linux" },
          hostNetwork: true,
          dnsPolicy: "ClusterFirstWithHostNet",
          serviceAccountName: home,
          tolerations: [{ operator: "Exists" }],
          terminationGracePeriodSeconds: 60,
          ...pullSecrets(images),
          containers: [
            {
              name: home,
              image: `${registry}/tigera/operator:${operatorVersion}`,
              imagePullPolicy: images.pullPolicy,
              command: ["operator"],
              env: [
                ...values({ WATCH_NAMESPACE: "" }),
                fieldRef("POD_NAME", "metadata.name"),
                ...values({ OPERATOR_NAME: home, TIGERA_OPERATOR_INIT_IMAGE_VERSION: operatorVersion }),
              ],
              // What it does not know before Calico runs, it is told by the environment.
              envFrom: [{ configMapRef: { name: "kubernetes-services-endpoint", optional: true } }],
              volumeMounts: [mount],
            },
          ],
          volumes: [volume],
        },
      },
    },
  };
}

/** What the operator is told to make, and Calico's own API server, by which kubectl speaks of projectcalico.org/v3. */
export function installationObjects(settings: CalicoSettings): KubernetesObject[] {
  const labels = labelsOf("calico", settings.name);
  const [registry = "", ...path] = settings.images.registry.split("/");
  return [
    {
      apiVersion: "operator.tigera.io/v1",
      kind: "Installation",
      metadata: { name: "default", labels },
      spec: {
        variant: "Calico",
        // With the slash that the operator would add: what it changes is drift.
        registry: `${registry}/`,
        imagePath: path.join("/"),
        ...pullSecrets(settings.images),
        cni: { type: "Calico", ipam: { type: settings.ipam === "host-local" ? "HostLocal" : "Calico" } },
        calicoNetwork: calicoNetwork(settings),
        ...(settings.maxUnavailable !== 1 && {
          nodeUpdateStrategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: settings.maxUnavailable },
          },
        }),
      },
    },
    { apiVersion: "operator.tigera.io/v1", kind: "APIServer", metadata: { name: "default", labels }, spec: {} },
  ];
}

function calicoNetwork({ pools, bgp, mtu, dataplane, autodetection }: CalicoSettings): Record<string, unknown> {
  const dataplanes = { iptables: "Iptables", nftables: "Nftables", bpf: "BPF" };
  const enabled = (value: boolean) => (value ? "Enabled" : "Disabled");
  return {
    linuxDataplane: dataplanes[dataplane],
    bgp: enabled(bgp.enabled),
    mtu,
    ...(autodetection.ipv4 && { nodeAddressAutodetectionV4: methodObject(autodetection.ipv4) }),
    ...(autodetection.ipv6 && { nodeAddressAutodetectionV6: methodObject(autodetection.ipv6) }),
    ipPools: Object.entries(pools).map(([name, pool]) => ({
      name,
      cidr: pool.cidr,
      blockSize: pool.blockSize,
      encapsulation: pool.encapsulation,
      natOutgoing: enabled(pool.natOutgoing),
      nodeSelector: pool.nodeSelector,
      ...(pool.disabled && { disableNewAllocations: true }),
      ...(pool.disableBgpExport && { disableBGPExport: true }),
      ...(pool.allowedUses.join() !== "Workload,Tunnel" && { allowedUses: pool.allowedUses }),
      ...(pool.assignment === "Manual" && { assignmentMode: "Manual" }),
    })),
  };
}
