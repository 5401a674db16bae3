import { expect, test } from "vitest";
import { settingsOf } from "./read";

/** Upstream's defaults (contiv/install's install.sh, netmaster's and netplugin's flags, contivmodel; contiv/vpp v3.4.2). */
const upstream = {
  forwarding: "routing",
  encapsulation: "vxlan",
  vxlanPort: 4789,
  "infraNetwork.subnet": "132.1.1.0/24",
  "infraNetwork.gateway": "132.1.1.1",
  "infraNetwork.name": "contivh1",
  "globals.arpMode": "proxy",
  "globals.vlans": "1-4094",
  "globals.vxlans": "1-10000",
  "globals.privateSubnet": "172.19.0.0/16",
  serviceCidr: ["10.96.0.0/12"],
  namespace: "kube-system",
  "store.clusterIp": "10.96.232.136",
  "store.dataDirectory": "/var/lib/etcd/contiv-data",
  "images.etcd": "quay.io/coreos/etcd:v3.2.4",
  "images.authProxy": "contiv/auth_proxy:1.2.0",
  "cni.directory": "/etc/cni/net.d",
  "cni.binaries": "/opt/cni/bin",
  mtu: 1450,
};

const upstreamVpp = {
  nodeToNodeTransport: "vxlan",
  nodePrefix: 24,
  hostSubnetCidr: "172.30.0.0/16",
  hostNodePrefix: 24,
  nodeInterconnectCidr: "192.168.16.0/24",
  nodeInterconnectDhcp: false,
  vxlanCidr: "192.168.30.0/24",
  hugepages: 512,
  pciDriver: "uio_pci_generic",
  "images.etcd": "quay.io/coreos/etcd:v3.3.24",
};

const at = (value: unknown, path: string) =>
  path.split(".").reduce<unknown>((one, name) => (one as Record<string, unknown> | undefined)?.[name], value);

test.each(Object.entries(upstream))("%s is upstream's", (path, value) => {
  expect(at(settingsOf({}), path)).toEqual(value);
});

test.each(Object.entries(upstreamVpp))("Contiv-VPP's %s is upstream's", (path, value) => {
  const { vpp, mtu } = settingsOf({ mode: "vpp" });
  expect(at(vpp, path)).toEqual(value);
  expect(mtu).toBe(1450);
});

test("what is not upstream's is what today's Kubernetes asks for", () => {
  // Upstream: none, in the clear on every node of the control plane; an invalid version of the CNI specification.
  expect(settingsOf({}).netmaster.url).toBe("http://10.96.232.137:9999");
});
