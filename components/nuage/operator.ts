import { type KubernetesObject, namespace } from "../kubernetes/object";
import { fieldRef, values } from "../kubernetes/pod";
import { clusterRole, clusterRoleBinding, serviceAccount } from "../kubernetes/rbac";
import { type SingleDeployment, singleDeployment } from "../kubernetes/workload";
import type { NuageSettings } from "./complete";

const operatorName = "nuage-network-operator";

/** Nuage's operator and what it is told; the operator makes the rest in its own namespace. */
export function operatorObjects(settings: NuageSettings, labels: Record<string, string>): KubernetesObject[] {
  const metadata = { name: operatorName, namespace: operatorName, labels };
  const role = { name: operatorName, labels };
  return [
    namespace({ name: operatorName, labels }, "privileged"),
    definition(labels),
    serviceAccount(metadata),
    // As upstream has it: it makes roles that may everything, which only one who may everything can.
    clusterRole(role, [{ apiGroups: ["*"], resources: ["*"], verbs: ["*"] }]),
    clusterRoleBinding(role, operatorName, [{ name: operatorName, namespace: operatorName }]),
    {
      apiVersion: "operator.nuage.io/v1alpha1",
      kind: "NuageCNIConfig",
      metadata: { name: "nuage-network", labels },
      spec: spec(settings),
    },
    deployment(settings, metadata),
  ];
}

function spec(settings: NuageSettings): Record<string, unknown> {
  const { vrs, cni, monitor, vsd, release, operator, podCidr, serviceCidr, subnetBits } = settings;
  return {
    vrsConfig: { controllers: vrs.controllers, underlayUplink: vrs.uplink, platform: vrs.platform },
    cniConfig: {
      loadBalancerURL: `https://${monitor.address}:${monitor.port}`,
      vrsEndpoint: cni.vrsEndpoint,
      vrsBridge: cni.bridge,
      cniVersion: cni.version,
      logLevel: cni.logLevel,
      mtu: cni.mtu,
      nuageSiteID: cni.siteId,
      logFileSize: cni.logFileMegabytes,
      monitorInterval: cni.monitorIntervalSeconds,
      portResolveTimer: cni.portResolveSeconds,
      vrsConnectionCheckTimer: cni.connectionCheckSeconds,
      staleEntryTimeout: cni.staleEntrySeconds,
    },
    monitorConfig: {
      vsdAddress: vsd.address,
      vsdPort: vsd.port,
      vsdMetadata: {
        enterprise: vsd.enterprise,
        domain: vsd.domain,
        user: vsd.user,
        userCert: vsd.certificateFile,
        userKey: vsd.keyFile,
      },
      vsdFlags: {
        encryptionEnabled: settings.encryption,
        underlayEnabled: settings.underlay,
        statsEnabled: settings.statistics,
        autoScaleSubnets: settings.autoScaleSubnets,
      },
      restServerAddress: "0.0.0.0",
      restServerPort: monitor.port,
    },
    releaseConfig: {
      registry: operator?.registry,
      vrsTag: release,
      cniTag: release,
      monitorTag: release,
      infraTag: release,
    },
    podNetworkConfig: { podNetwork: podCidr[0], subnetLength: subnetBits, ClusterServiceNetworkCIDR: serviceCidr[0] },
  };
}

/** Upstream's kind in the API that Kubernetes has it in today; the operator knows its fields itself. */
function definition(labels: Record<string, string>): KubernetesObject {
  const open = { type: "object", "x-kubernetes-preserve-unknown-fields": true };
  const group = "operator.nuage.io";
  const schema = { openAPIV3Schema: { type: "object", properties: { spec: open, status: open } } };
  return {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `nuagecniconfigs.${group}`, labels },
    spec: {
      group,
      scope: "Cluster",
      names: {
        kind: "NuageCNIConfig",
        listKind: "NuageCNIConfigList",
        plural: "nuagecniconfigs",
        singular: "nuagecniconfig",
      },
      versions: [{ name: "v1alpha1", served: true, storage: true, subresources: { status: {} }, schema }],
    },
  };
}

function deployment({ operator, images }: NuageSettings, metadata: SingleDeployment["metadata"]): KubernetesObject {
  return singleDeployment({
    metadata,
    selector: { name: operatorName },
    pod: {
      hostNetwork: true,
      priorityClassName: "system-cluster-critical",
      serviceAccountName: operatorName,
      tolerations: [{ operator: "Exists" }],
      containers: [
        {
          name: operatorName,
          image: operator?.image,
          imagePullPolicy: images.pullPolicy,
          command: [`/${operatorName}`],
          env: [...values({ WATCH_NAMESPACE: "", OPERATOR_NAME: operatorName }), fieldRef("POD_NAME", "metadata.name")],
        },
      ],
    },
  });
}
