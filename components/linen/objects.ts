import { type KubernetesObject, labelsOf } from "../kubernetes/object";
import { hostPath } from "../kubernetes/pod";
import { allow, clusterRole, clusterRoleBinding, serviceAccount } from "../kubernetes/rbac";
import { hostDaemonSet } from "../kubernetes/workload";
import type { LinenSettings } from "./complete";

const account = "flax";

/** flaxd, in today's API: it runs on every node, also on the control plane's, and acts on the hub alone. */
export function objects({ name, flaxd, cni }: LinenSettings): KubernetesObject[] {
  if (!flaxd) return [];
  const { namespace, image } = flaxd;
  const labels = labelsOf("linen", name);
  const role = { name: `podnet-${name}-flax`, labels };
  const mounted = [
    hostPath("openvswitch", "/var/run/openvswitch/db.sock", "Socket"),
    hostPath("linen", `${cni.directory}/${cni.fileName}`, "File", {
      mountPath: "/etc/cni/net.d/linen.conflist",
      readOnly: true,
    }),
  ];
  return [
    serviceAccount({ name: account, namespace, labels }),
    clusterRole(role, [allow("", ["nodes"], ["get", "list", "watch"])]),
    clusterRoleBinding(role, role.name, [{ name: account, namespace }]),
    hostDaemonSet({
      metadata: { name: "kube-flax-ds", namespace, labels },
      selector: { app: "flaxd" },
      serviceAccount: account,
      containers: [{ name: "flaxd", image, volumeMounts: mounted.map(({ mount }) => mount) }],
      volumes: mounted.map(({ volume }) => volume),
      maxUnavailable: 1,
    }),
  ];
}
