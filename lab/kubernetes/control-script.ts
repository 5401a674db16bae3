import { quote } from "../../components/node/quote";
import { addresses, controlHost, hardwareAddress, prefixLength, routerHost } from "../address";
import { firstProcess, veth } from "../boot";
import { switchNamespace, type Underlay } from "../underlay";
import { apiPort, controlPlane, clusterNetworks as networks } from "./addresses";
import type { Artifacts } from "./artifacts";

export const controlPort = "control";

/**
 * Runs as the first process of the control plane's namespaces: the four programs, each begun again when it ends. They
 * share this machine's files and have a network and processes of their own.
 */
export function controlScript(underlay: Underlay, folder: string, artifacts: Artifacts): string {
  const own = controlPlane(underlay.slot);
  const router = addresses(underlay.slot, "a", routerHost);
  const space = switchNamespace(underlay);
  const programs = Object.entries(commands(own.ipv4, artifacts));
  return `${firstProcess(folder)}${veth(space, controlPort, "eth0", hardwareAddress(underlay.slot, "a", controlHost, 0))}
ip -n ${space} link set dev ${controlPort} master segment-a up
ip -batch - <<'END'
link set dev lo up
addr add ${own.ipv4}/${prefixLength.ipv4} dev eth0
addr add ${own.ipv6}/${prefixLength.ipv6} dev eth0 nodad
link set dev eth0 up
route add default via ${router.ipv4}
route add default via ${router.ipv6}
END
run() {
  log=$1.log; shift
  while :; do
    "$@" >> "$log" 2>&1 || :
    sleep 0.5
  done
}
${programs.map(([name, words]) => `run ${name} ${words.map(quote).join(" ")} &`).join("\n")}
wait
`;
}

/** The words of each program; paths that are not absolute are in the control plane's folder. */
function commands(address: string, { etcd, control }: Artifacts): Record<string, string[]> {
  const client = "http://127.0.0.1:2379";
  const peer = "http://127.0.0.1:2380";
  const pairs = [networks.pods, networks.services].map(({ ipv4, ipv6 }) => `${ipv4},${ipv6}`);
  const [pods = "", services = ""] = pairs;
  return {
    etcd: [
      `${etcd}/etcd`,
      "--data-dir=etcd",
      `--listen-client-urls=${client}`,
      `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`,
      `--initial-advertise-peer-urls=${peer}`,
      `--initial-cluster=default=${peer}`,
      "--log-level=warn",
      // A lab survives the death of its processes, and need not survive that of the machine.
      "--unsafe-no-fsync",
    ],
    "kube-apiserver": [
      `${control}/kube-apiserver`,
      `--etcd-servers=${client}`,
      `--advertise-address=${address}`,
      `--secure-port=${apiPort}`,
      "--authorization-mode=Node,RBAC",
      "--enable-admission-plugins=NodeRestriction",
      "--allow-privileged=true",
      "--client-ca-file=pki/ca.crt",
      "--tls-cert-file=pki/apiserver.crt",
      "--tls-private-key-file=pki/apiserver.key",
      "--kubelet-certificate-authority=pki/ca.crt",
      "--kubelet-client-certificate=pki/kubelet-client.crt",
      "--kubelet-client-key=pki/kubelet-client.key",
      "--kubelet-preferred-address-types=InternalIP",
      "--service-account-issuer=https://kubernetes.default.svc.cluster.local",
      "--service-account-key-file=pki/service-accounts.pub",
      "--service-account-signing-key-file=pki/service-accounts.key",
      `--service-cluster-ip-range=${services}`,
      "--profiling=false",
    ],
    "kube-controller-manager": [
      `${control}/kube-controller-manager`,
      "--kubeconfig=controller-manager.kubeconfig",
      "--authentication-kubeconfig=controller-manager.kubeconfig",
      "--authorization-kubeconfig=controller-manager.kubeconfig",
      "--allocate-node-cidrs=true",
      `--cluster-cidr=${pods}`,
      `--service-cluster-ip-range=${services}`,
      "--node-cidr-mask-size-ipv4=24",
      "--node-cidr-mask-size-ipv6=64",
      "--leader-elect=false",
      "--root-ca-file=pki/ca.crt",
      "--service-account-private-key-file=pki/service-accounts.key",
      "--use-service-account-credentials=true",
      "--profiling=false",
    ],
    "kube-scheduler": [
      `${control}/kube-scheduler`,
      "--kubeconfig=scheduler.kubeconfig",
      "--authentication-kubeconfig=scheduler.kubeconfig",
      "--authorization-kubeconfig=scheduler.kubeconfig",
      "--leader-elect=false",
      "--profiling=false",
    ],
  };
}
