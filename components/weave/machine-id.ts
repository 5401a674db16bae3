/**
 * A cloned machine has its model's machine-id, from which Weave makes the peer's name: of two peers of one name one is
 * thrown out, again and again. Where the API server does not answer, weaver itself says so. The token stands in no
 * argument.
 */
export function machineIdCheck(path: string): string {
  return `account=/var/run/secrets/kubernetes.io/serviceaccount
id=$(cat ${path})
[ -n "$id" ] || { echo "/etc/machine-id of this node is empty: run systemd-machine-id-setup there" >&2; exit 1; }
same=$(printf 'Authorization: Bearer %s' "$(cat $account/token)" |
  curl -sS --max-time 20 --cacert $account/ca.crt -H @- \\
    "https://$KUBERNETES_SERVICE_HOST:$KUBERNETES_SERVICE_PORT/api/v1/nodes?pretty=true" |
  grep -c "\\"machineID\\": *\\"$id\\"")
[ "\${same:-0}" -le 1 ] || {
  echo "$same nodes have the machine-id of this one: rm /etc/machine-id, systemd-machine-id-setup, and restart the kubelet" >&2
  exit 1
}
`;
}
