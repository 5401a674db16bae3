import { applets, type Recorded } from "./recorder";

// What upstream's programs of Contiv and Nuage do, as far as a component counts on it: netmaster keeps objects, an init
// container copies programs to the node, and Nuage's installer empties what it takes for the node's folders.

/** Answers one request as netmaster does, which keeps what it is told by its path. */
const netmaster = `#!/bin/busybox sh
b=/bin/busybox
read -r verb path protocol
length=0
while read -r name value && [ "$name" != "$(printf '\\r')" ]; do
  case $name in [Cc]ontent-[Ll]ength:) length=\${value%?} ;; esac
done
kept=/kept$(echo "$path" | $b sed 's|/|_|g')
answer() { printf 'HTTP/1.1 %s\\r\\nConnection: close\\r\\n\\r\\n' "$1"; }
case $verb in
  POST) $b head -c "$length" > "$kept" ;;
  DELETE) $b rm -f "$kept"; answer '200 OK'; exit ;;
esac
if [ -f "$kept" ]; then answer '200 OK'; $b cat "$kept"; else answer '500 Internal Server Error'; echo 'Object not found'; fi
`;

export const contivImages: Recorded[] = [
  {
    names: ["registry.example.com/contiv/netplugin:head"],
    programs: {
      "/contiv/start": { shell: '[ "$CONTIV_ROLE" != netmaster ] || exec $b nc -ll -p 9999 -e /contiv/answer' },
      "/bin/cp": { shell: 'exec $b cp "$@"' },
    },
    files: { "/contiv/answer": netmaster, "/contiv/bin/contivk8s": "contivk8s", "/contiv/bin/netctl": "netctl" },
    entrypoint: ["/contiv/start"],
  },
  { names: ["docker.io/contiv/netplugin-init:latest"], programs: { "/init": "ends" }, entrypoint: ["/init"] },
  {
    names: ["docker.io/contiv/ovs:latest"],
    programs: { "/scripts/start-ovsdb-server.sh": "lasts", "/scripts/start-ovs-vswitchd.sh": "lasts" },
  },
  {
    names: ["quay.io/coreos/etcd:v3.2.4"],
    programs: { "/usr/local/bin/etcd": { port: 6666, path: "health" } },
  },
];

const install = `for folder in opt etc; do $b rm -rf /host/$folder/cni; done
$b mkdir -p /host/opt/cni/bin /host/etc/cni/net.d
echo plugin > /host/opt/cni/bin/nuage-cni-k8s
echo settings > /host/etc/default/nuage-cni.yaml
echo network > /host/etc/cni/net.d/nuage-net.conf`;

export const nuageImages: Recorded[] = [
  { names: ["docker.io/nuage/master:20.10.6"], programs: { "/configure-master.sh": "lasts" } },
  {
    names: ["docker.io/nuage/cni:20.10.6"],
    programs: { "/install-cni.sh": { shell: install }, "/bin/sh": { shell: 'exec $b sh "$@"' } },
    files: applets("mkdir", "cmp", "cp", "mv", "sleep"),
  },
  { names: ["docker.io/nuage/vrs:20.10.6"], programs: { "/vrs": "lasts" }, entrypoint: ["/vrs"] },
];
