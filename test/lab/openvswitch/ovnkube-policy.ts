import { once, type PodPort } from "./ovnkube";

/** A NetworkPolicy of one pod: who may reach it at which TCP port. It opens no connection itself. */
export interface Policy {
  pod: PodPort;
  from: readonly PodPort[];
  port: number;
}

const denied = 1000;
const allowed = 1001;

/** As OVN-Kubernetes has it: port groups that deny both ways but for ARP, and one that allows what the policy names. */
export function policy({ pod, from, port }: Policy): string {
  const [into, out, web] = ["a1_ingressDefaultDeny", "a1_egressDefaultDeny", "a1_web"];
  const acl = (group: string, way: string, priority: number, match: string, verdict: string, stage = "") =>
    `${stage} acl-add ${group} ${way} ${priority} '${match}' ${verdict}`.trim();
  return once("ovn-nbctl --wait=hv", [
    ...[into, out, web].map((group) => `pg-add ${group} ${pod.name}`),
    `create Address_Set name=a1_web_from addresses=${from.map(({ address }) => `'"${address}"'`).join(",")}`,
    acl(into, "to-lport", denied, `outport == @${into}`, "drop"),
    acl(into, "to-lport", allowed, `outport == @${into} && (arp || nd)`, "allow"),
    acl(out, "from-lport", denied, `inport == @${out}`, "drop", "--apply-after-lb"),
    acl(out, "from-lport", allowed, `inport == @${out} && (arp || nd)`, "allow", "--apply-after-lb"),
    acl(
      web,
      "to-lport",
      allowed,
      `ip4.src == $a1_web_from && tcp && tcp.dst == ${port} && outport == @${web}`,
      "allow-related",
    ),
  ]);
}

export const withoutPolicy = "ovn-nbctl --wait=hv destroy Port_Group a1_ingressDefaultDeny a1_egressDefaultDeny a1_web";

/** A service's address on a node's switch, as kube-proxy would have made it on the node. */
export const service = (node: string, address: string, backends: readonly string[]) =>
  once("ovn-nbctl --wait=hv", [`lb-add service ${address} ${backends.join(",")} tcp`, `ls-lb-add ${node} service`]);
