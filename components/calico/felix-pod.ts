import type { KubernetesObject, Metadata } from "../kubernetes/object";
import { type Container, configMapKey, fieldRef, type MountedVolume, secretVolume, values } from "../kubernetes/pod";
import type { FelixAgent } from "./agent";
import { apiServerVariables, cniFolders, felixFolders, type NodePod, type Part, typhaVariables } from "./node-pod";

/** The token that the CNI plugin speaks to the API server with. */
const tokenSecret = "calico-cni-plugin-token";

/**
 * calico-node asks for a token of an hour and renews it; where it does not run, the API server makes one that stays
 * until the Secret goes.
 */
export function pluginToken(metadata: Omit<Metadata, "name">): KubernetesObject {
  return {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/service-account-token",
    metadata: {
      ...metadata,
      name: tokenSecret,
      annotations: { "kubernetes.io/service-account.name": "calico-cni-plugin" },
    },
  };
}

/** Felix from an image of its own: an init container does what calico-node's start-up would. */
export function felixNode(pod: NodePod & { agent: FelixAgent }): Part {
  const { binaries, configuration } = cniFolders(pod);
  const token = secretVolume("cni-token", tokenSecret, "/cni-token");
  const lib = felixFolders.filter(({ volume }) => volume.name === "var-lib-calico");
  return {
    initContainers: [installPlugins(pod, [binaries, configuration, ...lib, token])],
    containers: [felix(pod)],
    volumes: [...felixFolders, binaries, configuration, token],
  };
}

function installPlugins(pod: NodePod & { agent: FelixAgent }, mounted: MountedVolume[]): Container {
  return {
    name: "install-cni",
    image: pod.agent.pluginImage,
    imagePullPolicy: pod.images.pullPolicy,
    command: ["/bin/sh", "-euc", script(pod)],
    env: [
      ...apiServerVariables(pod),
      fieldRef("NODE_NAME", "spec.nodeName"),
      configMapKey("CNI_NETWORK_CONFIG", pod.configMap, "cni_network_config"),
    ],
    volumeMounts: mounted.map(({ mount }) => mount),
    securityContext: { privileged: true, runAsUser: 0 },
  };
}

/**
 * Each file is written beside its place and moved there, so that a pod that starts meanwhile meets the old one or the
 * new one. Plugins that the node has of others are left alone; the configuration comes last, since pods start with it.
 */
function script({ agent, cni }: NodePod & { agent: FelixAgent }): string {
  return `bin=/host/opt/cni/bin
net=/host/etc/cni/net.d
for plugin in calico calico-ipam host-local loopback portmap; do
  from='${agent.pluginDirectory}'/$plugin
  case $plugin in calico*) ;; *) [ ! -e $bin/$plugin ] || continue ;; esac
  [ -e "$from" ] || continue
  cp "$from" $bin/.$plugin.new
  mv $bin/.$plugin.new $bin/$plugin
done
printf %s "$NODE_NAME" > /var/lib/calico/nodename.new
mv /var/lib/calico/nodename.new /var/lib/calico/nodename
umask 077
mkdir -p $net/calico-tls
cat /cni-token/ca.crt > $net/calico-tls/ca.crt
cat /cni-token/token > $net/calico-tls/token
case $KUBERNETES_SERVICE_HOST in *:*) host=[$KUBERNETES_SERVICE_HOST] ;; *) host=$KUBERNETES_SERVICE_HOST ;; esac
cat > $net/.calico-kubeconfig.new <<END
apiVersion: v1
kind: Config
clusters:
- name: local
  cluster:
    server: https://$host:$KUBERNETES_SERVICE_PORT
    certificate-authority: ${cni.directory}/calico-tls/ca.crt
users:
- name: calico
  user:
    tokenFile: ${cni.directory}/calico-tls/token
contexts:
- name: calico-context
  context:
    cluster: local
    user: calico
current-context: calico-context
END
mv $net/.calico-kubeconfig.new $net/calico-kubeconfig
umask 022
printf '%s\\n' "$CNI_NETWORK_CONFIG" > $net/.podnet-conflist.new
mv $net/.podnet-conflist.new $net/${cni.fileName}
`;
}

function felix(pod: NodePod & { agent: FelixAgent }): Container {
  const probe = (path: string) => ({
    httpGet: { host: "localhost", path, port: pod.healthPort },
    periodSeconds: 10,
    timeoutSeconds: 10,
  });
  return {
    name: "calico-felix",
    image: pod.agent.felixImage,
    imagePullPolicy: pod.images.pullPolicy,
    command: pod.agent.felixCommand,
    env: [
      ...apiServerVariables(pod),
      fieldRef("FELIX_FELIXHOSTNAME", "spec.nodeName"),
      ...values({
        DATASTORE_TYPE: "kubernetes",
        FELIX_DATASTORETYPE: "kubernetes",
        FELIX_LOGFILEPATH: "none",
        FELIX_LOGSEVERITYSYS: "none",
        FELIX_HEALTHENABLED: "true",
        ...(pod.ipam === "host-local" && { USE_POD_CIDR: "true" }),
        // Felix that is built without cgo ends at its start, where it looks for what eBPF left (calico issue 13828).
        FELIX_DebugSkipCTLBCleanup: "true",
        FELIX_BPFENABLED: "false",
        FELIX_XDPENABLED: "false",
      }),
      ...typhaVariables(pod),
    ],
    securityContext: { privileged: true },
    resources: { requests: { cpu: "100m" } },
    livenessProbe: { ...probe("/liveness"), initialDelaySeconds: 10, failureThreshold: 6 },
    readinessProbe: probe("/readiness"),
    volumeMounts: felixFolders.map(({ mount }) => mount),
  };
}
