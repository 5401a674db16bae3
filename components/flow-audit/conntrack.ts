import { printable } from "../node/printable";
import { quote } from "../node/quote";
import type { Protocol } from "../policy/reach/traffic";
import type { Workload } from "../policy/reach/world";
import { preamble } from "../verification/phases/shell";

/** Connections of one client to one port, as a node's table has them. */
export interface Connections {
  protocol: string;
  client: string;
  /** Who answers: behind a service's address, the pod. */
  server: string;
  port: number;
  count: number;
}

export interface NodeAnswer {
  /** The node's own addresses. */
  addresses: string[];
  pods: Workload[];
  connections: Connections[];
  /** Groups of connections that the node has beyond those it told. */
  untold: number;
}

/** Groups of connections that one node tells at most, the most frequent first. */
const mostGroups = 5000;

const leftOut = "or leave the node out of the baseline's nodes";
const noKubectl = `kubectl is not installed, and only it tells which pods a node has: install it, ${leftOut}`;
const noTable = `there is neither /proc/net/nf_conntrack nor the program conntrack: install conntrack, ${leftOut}`;
const fail = (code: number, message: string) => `{ printf '%s\\n' ${quote(message)} >&2; exit ${code}; }`;

/**
 * Asks a node for its pods, by its kubelet's own right to list them, and for the connections in its table that were
 * answered, counted by client, server and port. Nothing on the node is changed.
 */
export function auditScript(kubeletConfig: string): string {
  const kubectl = `kubectl --kubeconfig ${quote(kubeletConfig)} --request-timeout 30s`;
  const ports = "{range .spec.containers[*].ports[*]}{.name}:{.protocol}:{.containerPort},{end}";
  const row =
    '{.metadata.namespace}{"\\t"}{.metadata.name}{"\\t"}{.spec.hostNetwork}{"\\t"}' +
    `{range .status.podIPs[*]}{.ip},{end}{"\\t"}${ports}{"\\t"}{.metadata.labels}{"\\n"}`;
  const noConfig = `kubeletConfig: there is no ${kubeletConfig} that may be read; say where the kubelet's kubeconfig is on this node`;
  return `${preamble}command -v kubectl >/dev/null || ${fail(127, noKubectl)}
[ -r ${quote(kubeletConfig)} ] || ${fail(1, noConfig)}
[ -r /proc/net/nf_conntrack ] || command -v conntrack >/dev/null || ${fail(1, noTable)}
user=$(${kubectl} auth whoami -o 'jsonpath={.status.userInfo.username}') || exit 1
${kubectl} get pods --all-namespaces --field-selector "spec.nodeName=\${user#system:node:}" -o 'jsonpath={range .items[*]}${row}{end}' || exit 1
echo "== addresses"
ip -o addr show | awk '{ sub("/.*", "", $4); print $4 }'
echo "== connections"
if [ -r /proc/net/nf_conntrack ]; then cat /proc/net/nf_conntrack
else conntrack -L 2>/dev/null; conntrack -L -f ipv6 2>/dev/null; fi | awk '
  /UNREPLIED/ { next }
  {
    protocol = ""; sources = 0; ports = 0
    for (field = 1; field <= NF; field++) {
      if (protocol == "" && $field ~ /^(tcp|udp|sctp)$/) protocol = $field
      else if ($field ~ /^src=/) source[++sources] = substr($field, 5)
      else if ($field ~ /^sport=/) port[++ports] = substr($field, 7)
      else if ($field ~ /^(TIME_WAIT|CLOSE|CLOSE_WAIT|LAST_ACK|FIN_WAIT)$/) protocol = "over"
    }
    if (protocol != "" && protocol != "over" && sources == 2 && ports == 2) print protocol, source[1], source[2], port[2]
  }' | sort | uniq -c | sort -rn | awk 'NR <= ${mostGroups} { print } END { if (NR > ${mostGroups}) print "untold", NR - ${mostGroups} }'
`;
}

/** What the node said; throws when it could not say it. */
export function parseAudit(result: { code: number; stdout: string; stderr: string }): NodeAnswer {
  if (result.code !== 0)
    throw new Error(printable(result.stderr.trim(), 300) || `the script ended with ${result.code}`);
  const [pods = "", addresses = "", connections] = result.stdout.split(/^== (?:addresses|connections)\n/m);
  if (connections === undefined)
    throw new Error(printable(result.stderr.trim(), 300) || "the node gave no connections");
  const lines = connections.split("\n").map((line) => line.trim().split(/\s+/));
  return {
    addresses: addresses.split("\n").filter(Boolean),
    pods: pods
      .split("\n")
      .filter((line) => line.includes("\t"))
      .map(readPod),
    connections: lines
      .filter((words) => words.length === 5)
      .map(([count, protocol, client, server, port]) => ({
        protocol: protocol as string,
        client: client as string,
        server: server as string,
        port: Number(port),
        count: Number(count),
      })),
    untold: Number(lines.find(([word]) => word === "untold")?.[1] ?? 0),
  };
}

function readPod(line: string): Workload {
  const [namespace = "", name = "", hostNetwork, addresses = "", ports = "", said = ""] = line.split("\t");
  const labels = said.startsWith("{") ? (JSON.parse(said) as Record<string, string>) : {};
  return {
    namespace,
    name,
    owner: ownerOf(name, labels),
    labels,
    serviceAccount: "default",
    ports: ports
      .split(",")
      .filter((one) => /^[^:]*:(TCP|UDP|SCTP):\d+$/.test(one))
      .map((one) => {
        const [port, protocol, number] = one.split(":");
        return { name: port || undefined, protocol: protocol as Protocol, port: Number(number) };
      }),
    addresses: addresses.split(",").filter(Boolean),
    hostNetwork: hostNetwork === "true",
  };
}

/** Pods of one workload stand together: by the label that names it, otherwise by the name before the generated part. */
function ownerOf(name: string, labels: Readonly<Record<string, string>>): string {
  const workload = labels["app.kubernetes.io/name"] ?? labels["k8s-app"] ?? labels.app;
  return workload ?? name.replace(/(-[0-9a-f]{6,10})?-[0-9a-z]{5}$/, "");
}
