import type { InventoryNode } from "../inventory";
import { bootFiles, foldersOf } from "../network-nodes/host-files";
import type { NodeStateInput } from "../node/state";
import { cleaning } from "./clean";
import { type CalicoHostsSettings, encapsulates, isController } from "./complete";
import { docker, mesos } from "./containers";
import { etcdMember } from "./etcd";
import { felix } from "./felix";
import { openstack } from "./openstack";
import { policy } from "./policy";

/** What Calico wants of each node, by node. */
export function hosts(settings: CalicoHostsSettings): Record<string, NodeStateInput> {
  return Object.fromEntries(settings.nodes.nodes.map((node) => [node.name, host(settings, node)]));
}

function host(settings: CalicoHostsSettings, node: InventoryNode): NodeStateInput {
  const { orchestrator, name } = settings;
  const own = { openstack, docker, mesos, hosts: () => ({}) }[orchestrator.type](settings, node) as NodeStateInput;
  // calico/node has Felix in it; a controller has no virtual machines to guard.
  const guarded = orchestrator.type === "hosts" || (orchestrator.type === "openstack" && !isController(settings, node));
  const parts: NodeStateInput[] = [
    etcdMember(settings, node),
    guarded ? felix(settings, node) : {},
    own,
    policy(settings, node),
  ];
  const sysctls = own.sysctls ?? {};
  const modules = encapsulates(settings) ? ["ipip"] : [];
  // A file that says nothing is noise.
  const boot = bootFiles(name, modules, sysctls).filter(({ content }) => content.trim() !== "");
  const units = parts.flatMap((part) => part.units ?? []);
  const clean = cleaning(
    settings,
    units.map((unit) => unit.name),
  );
  const files = [...boot, ...parts.flatMap((part) => part.files ?? []), ...(clean ? [clean.file] : [])];
  const artifacts = parts.flatMap((part) => part.artifacts ?? []);
  const folders = [...new Set([...files, ...artifacts].flatMap(({ path }) => foldersOf(path)))];
  return {
    modules,
    sysctls,
    directories: [...folders.map((path) => ({ path })), ...parts.flatMap((part) => part.directories ?? [])],
    files,
    artifacts,
    // The last is removed first: BIRD takes its routes away while it runs.
    units: [...units, ...(clean ? [clean.unit] : [])],
  };
}
