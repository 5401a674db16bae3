import type { Lab } from "../../../lab";
import { addresses, operatorHost } from "../../../lab/address";
import { Netmaster } from "../../provider/netmaster";
import { asNics, endpoints, packages } from "../openvswitch/world";

const names = ["node1", "node2"] as const;
/** Addresses of a bridge that stands on these nodes beforehand, over their second NIC: user space sends tunnels by one. */
export const tunnelEnds = endpoints(names);

/** A device in the place of a further NIC. */
export const wire = "wire0";

/** Each node has one that makes its bridges learn: with none that answers no packet passes for a while. */
export const controller = "tcp:127.0.0.1:6653";

/** Programs that nobody has here: of each only what a unit sees of it. */
export const program = { lasts: "/usr/local/sbin/lasts", ends: "/usr/local/sbin/ends" };

export const hostPackages = [...packages, "curl"];

const port = 9999;

/** What is there before podnet comes. It answers what is to be ended with the lab. */
export async function prepareHosts(lab: Lab): Promise<Netmaster> {
  const { ipv4 } = addresses(lab.underlay.slot, "a", operatorHost);
  await Promise.all(lab.nodes.map(({ name }) => prepare(lab, name, ipv4)));
  return Netmaster.start(ipv4, port);
}

async function prepare(lab: Lab, node: string, operator: string): Promise<void> {
  await asNics(lab, node);
  const end = tunnelEnds[node];
  const { code, stderr } = await lab.exec(
    node,
    `set -e
echo '${operator} netmaster.lab' >>/etc/hosts
printf '#!/bin/sh\nexec sleep infinity\n' >${program.lasts}
printf '#!/bin/sh\nexit 0\n' >${program.ends}
chmod 755 ${program.lasts} ${program.ends}
systemctl stop openvswitch-testcontroller
ovs-testcontroller --detach ptcp:6653:127.0.0.1 </dev/null >/dev/null 2>&1
ip link add ${wire} type veth peer name ${wire}-end
ip link set ${wire}-end up
# modprobe takes Open vSwitch for built in, as it is on other kernels; nothing here forwards in the kernel.
release=$(uname -r)
mkdir -p /lib/modules/$release
for module in openvswitch geneve ipip overlay vxlan; do
  echo kernel/net/$module.ko >>/lib/modules/$release/modules.builtin
done
touch /lib/modules/$release/modules.order
depmod
${end ? bridge(end) : ""}`,
  );
  if (code !== 0) throw new Error(`${node}: ${stderr}`);
}

const bridge = (address: string) => `
ovs-vsctl add-br br-phy -- set bridge br-phy datapath_type=netdev -- add-port br-phy eth1
ip address add ${address}/24 dev br-phy
ip link set eth1 up
ip link set br-phy up`;
