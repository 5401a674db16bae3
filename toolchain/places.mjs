import { homedir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Version of the Pulumi engine that is built, and the least that is taken when one is installed. */
export const engineVersion = "3.259.0";
export const pluginsVersion = "1.9.1";
/** What a Kubernetes cluster in the lab runs, each by the go.mod in its folder here. */
export const clusterVersions = {
  kubernetes: "1.36.3",
  etcd: "3.6.13",
  flannel: "0.28.4",
  "flannel-cni": "0.9.1",
  calico: "3.28.5",
  cni: pluginsVersion,
  cyclonus: "0.5.6",
  "network-policy-api": "0.3.0",
};
/** Least major version of Node.js that runs the compiled code. */
export const nodeMajor = 22;

export const toolchain = dirname(fileURLToPath(import.meta.url));
export const project = dirname(toolchain);
/** Whether a version such as "v1.26.0" comes before another. */
export function isOlder(version, other) {
  const [have, want] = [version, other].map((text) => text.replace(/^v/, "").split(/[.+-]/, 3).map(Number));
  const first = want.findIndex((part, index) => (have[index] ?? 0) !== part);
  return first !== -1 && (have[first] ?? 0) < want[first];
}

export const cache = process.env.PODNET_CACHE ?? join(homedir(), ".cache", "podnet");
