import type { Lab } from "../../../lab";

/** Calico's definitions of the release that the lab's nodes have images of. */
const definitions = "541635bf3e0cd409ff2f5b9b78363ac8901da4565fffaeb4c1507e19461bf4c7";

/** What Calico and Canal are told of the lab's cluster in every run. */
export const ofTheCluster = (lab: Lab) => ({
  version: "v3.28.5" as const,
  crds: { localPath: lab.calicoCrdsFile, sha256: definitions },
  podCidr: "10.244.0.0/16",
  serviceCidr: "10.96.0.0/16",
  images: { pullPolicy: "Never" as const },
  kubeletConfig: "/etc/kubernetes/kubelet.kubeconfig",
  rollout: { windowSeconds: 90 },
});
