import { macOf, once, router, routerPort, subnetOf, type Zone } from "./ovnkube";

/** How a node is known outside, on the bridge that podnet made. */
export interface Outside {
  /** Its own address with the prefix's length. */
  address: string;
  mac: string;
  nextHop: string;
}

/** Pods' way out of the cluster in the gateway's mode "shared": a router of the node that has the node's own addresses. */
export function gateway(own: Zone, { address, mac, nextHop }: Outside): string {
  const { name, id, chassis } = own;
  const [ip] = address.split("/");
  const [inner, outer] = ["100.64.0.1", `100.64.0.${id + 1}`];
  const gr = `GR_${name}`;
  const external = `ext_${name}`;
  const localnet = `br-ex_${name}`;
  return once("ovn-nbctl", [
    "ls-add join",
    `lrp-add ${router} rtoj-${router} ${macOf(inner)} ${inner}/16`,
    ...routerPort("join", `jtor-${router}`, `rtoj-${router}`),
    `lr-add ${gr}`,
    `set Logical_Router ${gr} options:chassis=${chassis}`,
    `lrp-add ${gr} rtoj-${gr} ${macOf(outer)} ${outer}/16`,
    ...routerPort("join", `jtor-${gr}`, `rtoj-${gr}`),
    `ls-add ${external}`,
    `lsp-add ${external} ${localnet}`,
    `lsp-set-type ${localnet} localnet`,
    `lsp-set-addresses ${localnet} unknown`,
    `lsp-set-options ${localnet} network_name=physnet`,
    `lrp-add ${gr} rtoe-${gr} ${mac} ${address}`,
    ...routerPort(external, `etor-${gr}`, `rtoe-${gr}`),
    `lr-route-add ${gr} 0.0.0.0/0 ${nextHop} rtoe-${gr}`,
    `lr-route-add ${gr} 10.244.0.0/16 ${inner}`,
    `--policy=src-ip lr-route-add ${router} ${subnetOf(own)} ${outer}`,
    `lr-nat-add ${gr} snat ${ip} ${subnetOf(own)}`,
  ]);
}

const ctZone = 64000;

/**
 * Flows of the node's bridge: the node and OVN have one address, so connections are marked by whose they are. They take
 * the place of the bridge's own, which forwards as any switch.
 */
export function bridgeFlows({ name }: Zone, { mac }: Outside): string {
  const patch = `$(ovs-vsctl get Interface patch-br-ex_${name}-to-br-int ofport)`;
  const nic = "$(ovs-vsctl get Interface eth0 ofport)";
  const marked = (mark: number) => `ct(commit,zone=${ctZone},exec(load:${mark}->NXM_NX_CT_MARK[])),output:$nic`;
  return `set -e; patch=${patch}; nic=${nic}
ovs-ofctl --bundle replace-flows br-ex - <<END
table=0,priority=100,in_port=$patch,ip,actions=${marked(1)}
table=0,priority=100,in_port=LOCAL,ip,actions=${marked(2)}
table=0,priority=50,in_port=$nic,ip,actions=ct(zone=${ctZone},nat,table=1)
table=0,priority=10,in_port=$nic,dl_dst=${mac},actions=output:$patch,output:LOCAL
table=0,priority=10,in_port=$patch,dl_src=${mac},actions=output:$nic
table=0,priority=9,in_port=$patch,actions=drop
table=0,priority=0,actions=NORMAL
table=1,priority=100,ct_state=+est+trk,ct_mark=1,ip,actions=output:$patch
table=1,priority=100,ct_state=+est+trk,ct_mark=2,ip,actions=output:LOCAL
table=1,priority=13,in_port=$nic,udp,tp_dst=6081,actions=output:LOCAL
table=1,priority=10,dl_dst=${mac},actions=output:LOCAL
table=1,priority=0,actions=NORMAL
END`;
}
