import { configMap, type KubernetesObject, labelsOf } from "../kubernetes/object";
import { accountWithRole, allow } from "../kubernetes/rbac";
import { aciGateway } from "./aci";
import type { ContivSettings } from "./complete";
import { etcd, netmaster, secrets } from "./control-plane";
import { accounts, nodeDaemons } from "./netplugin";
import { configName, configuration } from "./pod";
import { vppObjects } from "./vpp";

/** All Kubernetes objects of a Contiv network; none on hosts without Kubernetes. */
export function objects(settings: ContivSettings): KubernetesObject[] {
  const { name, namespace, mode } = settings;
  const place = { namespace, labels: labelsOf("contiv", name) };
  if (mode === "vpp") return vppObjects(settings, place);
  if (mode !== "kubernetes") return [];
  return [
    ...accountWithRole({ ...place, name: accounts.netplugin }, permissions(["endpoints", "services"])),
    ...accountWithRole({ ...place, name: accounts.netmaster }, permissions([])),
    configMap({ ...place, name: configName }, configuration(settings)),
    ...secrets(settings, place),
    ...etcd(settings, place),
    ...netmaster(settings, place),
    ...nodeDaemons(settings, place),
    ...aciGateway(settings, place),
  ];
}

/** As upstream has them, with the group that NetworkPolicy is in today: both programs watch it, and do nothing with it. */
function permissions(more: string[]) {
  const verbs = ["get", "list", "watch", "update"];
  return [
    allow("", [...more, "namespaces", "nodes", "pods"], verbs),
    allow("networking.k8s.io", ["networkpolicies"], verbs),
  ];
}
