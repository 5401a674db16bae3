import { bootFiles, foldersOf, hostManagerFiles } from "../network-nodes/host-files";
import type { NodeStateInput } from "../node/state";
import type { BridgeSettings } from "./complete";

interface Contents {
  modules: string[];
  sysctls: Record<string, string>;
  conflist: string;
}

/** The files of one node, and the folders they and the pods' addresses are kept in. */
export function hostFiles(settings: BridgeSettings, { modules, sysctls, conflist }: Contents) {
  const { name, cni, bridge, vxlan, hostManagers } = settings;
  const files: NonNullable<NodeStateInput["files"]> = [
    ...bootFiles(name, modules, sysctls),
    { path: `${cni.directory}/${cni.fileName}`, content: conflist },
    ...hostManagerFiles(name, [bridge, vxlan.name, "veth*"], hostManagers),
  ];
  const folders = [...new Set(files.flatMap(({ path }) => foldersOf(path)))].map((path) => ({ path }));
  const leases = `/var/lib/cni/networks/${name}`;
  return {
    files,
    directories: [
      ...folders,
      ...(Object.keys(cni.artifacts).length > 0 ? foldersOf(`${cni.binaries}/bridge`).map((path) => ({ path })) : []),
      ...foldersOf(leases).map((path) => ({ path })),
      // host-local writes a file for each pod here; they mean nothing once the network is gone.
      { path: leases, purge: true },
    ],
  };
}
