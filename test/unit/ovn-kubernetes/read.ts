import type { InventoryInput } from "../../../components/inventory";
import { settingsProblems, settingsWarnings } from "../../../components/ovn-kubernetes/check";
import { complete } from "../../../components/ovn-kubernetes/complete";
import { type OvnKubernetesNetworkArgs, ovnKubernetesSettings } from "../../../components/ovn-kubernetes/settings";
import { reader } from "../reader";

/** Settings as a test writes them: the inventory in place, and what must be said only where it is about it. */
export type Written = Omit<Partial<OvnKubernetesNetworkArgs>, "nodes"> & { nodes?: InventoryInput };

/** What there is no default for. */
export const needed = {
  apiServer: "https://198.18.0.10:6443",
  kubeProxy: "absent" as const,
  gateway: { bridge: "made-beforehand" as const },
};

export const { read, refusal, warnings } = reader<Written, typeof ovnKubernetesSettings, ReturnType<typeof complete>>({
  type: "OvnKubernetesNetwork",
  schema: ovnKubernetesSettings,
  problems: settingsProblems,
  complete,
  warnings: settingsWarnings,
  usual: { ...needed, crds: "present" },
});

/** With what 1.3 is installed by; `crds` is the chart's. */
export const charted: Written = {
  chart: { source: "ovn/helm/ovn-kubernetes" },
  kubernetesVersion: "1.33",
  crds: undefined,
};

/** So many nodes of one segment. */
export function rack(count: number, nic?: string): InventoryInput {
  const nodes = Array.from({ length: count }, (_, index) => [
    `node${index + 1}`,
    { connection: { host: `198.18.${Math.floor((index + 11) / 250)}.${(index + 11) % 250}` }, ...(nic && { nic }) },
  ]);
  return { segments: { a: { subnets: ["198.18.0.0/20"] } }, nodes: Object.fromEntries(nodes) };
}
