import { allocate, type Subnets } from "../../../components/addresses/plan";
import type { KubernetesObject } from "../../../components/kubernetes/object";
import type { NodeStateInput } from "../../../components/node/state";
import { isPlanned, pools, type RomanaSettings } from "../../../components/romana/complete";
import { hosts } from "../../../components/romana/host";
import { objects } from "../../../components/romana/objects";
import { topologyText } from "../../../components/romana/topology";
import { read, type Written } from "./read";

function planOf(settings: RomanaSettings): Subnets {
  if (!isPlanned(settings)) return {};
  return allocate(undefined, { pools: pools(settings), nodes: settings.nodes.nodes.map(({ name }) => name) });
}

/** With the texts where the component has Pulumi outputs. */
export function render(written: Written): KubernetesObject[] {
  const settings = read(written);
  return objects(settings, topologyText(settings, planOf(settings)));
}

export function renderHosts(written: Written): Record<string, NodeStateInput> {
  const settings = read(written);
  return hosts(settings, planOf(settings));
}
