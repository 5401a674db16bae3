import { quote } from "../../node/quote";
import type { Plugin } from "../conflist";

/**
 * Whether it is Calico's plugin with the Kubernetes API behind it. That one attaches pods which the API server knows, and
 * no others: a probe pod is none.
 */
export function attachesKnownPodsOnly({ type, config }: Plugin): boolean {
  return type === "calico" && config.datastore_type === "kubernetes";
}

/** Bytes of a probe pod's link, where the plugin's configuration does not say them: any link's. */
const usualMtu = 1500;

/**
 * Shell functions that do what Calico's plugin does for a pod, but for its policy: an address by the plugin's own IPAM, on
 * a link with a route to it, and a gateway that every pod has alike. The link's name is none of Felix's, which would let
 * no packet from it pass. Both are called in the probe's folder, with CNI's variables set.
 */
export function asCalico({ config }: Plugin, pod: { name: string; link: string }): string {
  const { ipam, kubernetes, mtu } = config as {
    ipam?: { type?: unknown };
    kubernetes?: { kubeconfig?: unknown };
    mtu?: unknown;
  };
  const inPod = `ip -n ${pod.name}`;
  const size = Number.isInteger(mtu) && Number(mtu) > 0 ? Number(mtu) : usualMtu;
  return `ipam() { "$CNI_PATH"/${quote(String(ipam?.type))} < ipam.json; }
pod_subnet() {
  file=/run/flannel/subnet.env
  if [ -r $file ]; then
    subnet=$(sed -n "s/^FLANNEL_$1SUBNET=//p" $file)
    # flannel writes a subnet by its first address.
    address=\${subnet%/*} last=\${subnet%/*} last=\${last##*[.:]}
    case $subnet in
      '') ;;
      *:*) printf '%s%x/%s' "\${address%"$last"}" $((0x\${last:-0} - 1)) "\${subnet#*/}" ;;
      *) echo "\${address%"$last"}$((last - 1))/\${subnet#*/}" ;;
    esac
  else
    kubectl --kubeconfig ${quote(String(kubernetes?.kubeconfig))} --request-timeout 10s get node \\
      "$(cat /var/lib/calico/nodename)" -o 'jsonpath={range .spec.podCIDRs[*]}{@}{"\\n"}{end}' | grep "$2"
  fi
}
calico_add() {
  cat > asked.json
  four= six=
  if grep -q '"usePodCidr"' asked.json; then four=$(pod_subnet '' '[.]') || return 1; fi
  if grep -q '"usePodCidrIPv6"' asked.json; then six=$(pod_subnet IPV6_ :) || return 1; fi
  sed "s,\\"usePodCidr\\",\\"$four\\",g; s,\\"usePodCidrIPv6\\",\\"$six\\",g" asked.json > ipam.json
  ipam > ipam.result || { cat ipam.result; return 1; }
  ip link add ${pod.link} mtu ${size} type veth peer name eth0 mtu ${size} netns ${pod.name} || return 1
  ip link set ${pod.link} up && ${inPod} link set eth0 up || return 1
  mac=$(cat /sys/class/net/${pod.link}/address)
  for address in $(grep -o '"address": *"[^"/]*' ipam.result | sed 's/.*"//'); do
    case $address in *:*) family=-6 bits=128 gateway=fe80::1 ;; *) family=-4 bits=32 gateway=169.254.1.1 ;; esac
    ${inPod} $family address add "$address/$bits" dev eth0 $([ $family = -4 ] || echo nodad) &&
      ${inPod} $family route add $gateway dev eth0 && ${inPod} $family route add default via $gateway dev eth0 &&
      ${inPod} $family neighbour add $gateway lladdr "$mac" dev eth0 nud permanent &&
      ip $family route add "$address/$bits" dev ${pod.link} || return 1
  done
  cat ipam.result
}
calico_del() { ip link delete ${pod.link} 2> /dev/null; [ ! -e ipam.json ] || ipam; }
`;
}
