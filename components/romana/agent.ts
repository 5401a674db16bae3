import type { KubernetesObject } from "../kubernetes/object";
import { fieldRef, hostPath } from "../kubernetes/pod";
import { hostDaemonSet } from "../kubernetes/workload";
import { etcdEndpoints, type ProgramSettings, type RomanaSettings } from "./complete";
import { appLabel, environment } from "./deployment";
import { names } from "./names";

/** The agent on each node: its plugin, its routes, and where policy is enforced its rules. */
export function agent(
  settings: RomanaSettings,
  own: ProgramSettings,
  labels: Record<string, string>,
): KubernetesObject {
  const { serviceCidr, mtu, masquerade, natInterface, policies } = settings;
  const under = (path: string) =>
    hostPath(path.slice(1).replaceAll(/\W/g, "-"), path, "DirectoryOrCreate", { mountPath: `/host${path}` });
  const volumes = [
    ...["/usr/local/bin", "/etc/romana", "/opt/cni/bin", "/etc/cni/net.d"].map(under),
    hostPath("run-path", "/var/run/romana", "DirectoryOrCreate"),
    hostPath("rlog", "/etc/rlog", "DirectoryOrCreate"),
  ];
  return hostDaemonSet({
    metadata: { name: names.agent, namespace: names.namespace, labels },
    selector: appLabel(names.agent),
    serviceAccount: names.agent,
    maxUnavailable: own.maxUnavailable,
    containers: [
      {
        name: names.agent,
        image: own.images.agent,
        imagePullPolicy: own.pullPolicy,
        args: [
          `--service-cluster-ip-range=${serviceCidr.find((one) => !one.includes(":"))}`,
          `--etcd-endpoints=${etcdEndpoints(own)}`,
          `--mtu=${mtu}`,
          `--nat=${masquerade}`,
          ...(natInterface === undefined ? [] : [`--nat-interface=${natInterface}`]),
          `--policies=${policies}`,
          ...(own.debug ? ["--debug"] : []),
          ...own.agentArguments,
        ],
        env: [fieldRef("NODENAME", "spec.nodeName"), fieldRef("NODEIP", "status.hostIP"), ...environment(own)],
        securityContext: { privileged: true },
        volumeMounts: volumes.map(({ mount }) => mount),
      },
    ],
    volumes: volumes.map(({ volume }) => volume),
    pod: {
      securityContext: { seLinuxOptions: { type: "spc_t" } },
      ...(own.pullSecrets.length > 0 && { imagePullSecrets: own.pullSecrets.map((name) => ({ name })) }),
    },
  });
}
