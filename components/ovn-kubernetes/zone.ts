import type { Container } from "../kubernetes/pod";
import type { OvnKubernetesSettings } from "./complete";
import { container, ownNode } from "./container";
import { kubelet } from "./mounts";
import { zoneLabel } from "./names";

/** Makes a node a zone of its own. A kubelet may label its own Node, so that nobody else needs the right to. */
export function zoneContainer(settings: OvnKubernetesSettings): Container {
  const { kubeletConfig } = settings;
  const config = `/host-kubernetes/${kubeletConfig.slice(kubeletConfig.lastIndexOf("/") + 1)}`;
  const script = `kubectl --kubeconfig=${config} label node "$K8S_NODE" "${zoneLabel}=$K8S_NODE" --overwrite`;
  const mounted = kubelet(kubeletConfig);
  return {
    ...container(settings, { name: "zone", word: "", env: ownNode, mounted }),
    command: ["/bin/sh", "-c", script],
  };
}
