import { foldersOf } from "../network-nodes/host-files";
import type { NodeStateInput } from "../node/state";

/** Where host-local keeps the addresses that it gave, by the name of Calico's CNI configuration. */
export const leases = "/var/lib/cni/networks/k8s-pod-network";

/** Folders of podnet's own files, and those that Calico's pods fill: what is in these means nothing once they are gone. */
export function directories(
  { cni }: { cni: { directory: string; binaries: string } },
  files: readonly { path: string }[],
  filled: readonly string[],
): NonNullable<NodeStateInput["directories"]> {
  const byPods = [`${cni.directory}/conflist`, `${cni.binaries}/calico`];
  const above = [...files.map(({ path }) => path), ...byPods, leases, ...filled].flatMap(foldersOf);
  return [
    ...[...new Set(above)].filter((path) => path !== "/run").map((path) => ({ path })),
    ...filled.map((path) => ({ path, purge: true })),
  ];
}
