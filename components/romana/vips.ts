import type { KubernetesObject } from "../kubernetes/object";
import type { NodeStateInput } from "../node/state";
import type { RomanaSettings } from "./complete";

/**
 * What a Service says of the address at which it is reached from outside: to Romana's listener by its annotation, and
 * where that does not run to kube-proxy. The Services are others'.
 */
export function vipPatches({ vips, policies }: RomanaSettings): KubernetesObject[] {
  return Object.entries(vips).map(([service, { ip }]) => {
    const [namespace, name] = service.split("/") as [string, string];
    const annotations = { romanaip: JSON.stringify({ auto: false, ip }) };
    return {
      apiVersion: "v1",
      kind: "ServicePatch",
      metadata: { name, namespace, ...(policies && { annotations }) },
      ...(!policies && { spec: { externalIPs: [ip] } }),
    };
  });
}

/** The addresses of services that a node has at its NIC, as Romana's agent would give them to it. */
export function vipsOf(
  { vips, policies }: RomanaSettings,
  { name, nic }: { name: string; nic?: string | undefined },
): NonNullable<NodeStateInput["addresses"]> {
  if (policies || nic === undefined) return [];
  return Object.values(vips)
    .filter(({ node }) => node === name)
    .map(({ ip }) => ({ device: nic, address: `${ip}/${ip.includes(":") ? 128 : 32}` }));
}
