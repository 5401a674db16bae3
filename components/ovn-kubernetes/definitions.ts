import type { Problem } from "../addresses/problem";
import { definitions } from "../calico/crds";
import type { KubernetesObject } from "../kubernetes/object";
import type { OvnKubernetesSettings } from "./complete";

/** The definitions of all files, or what is wrong with them. */
export function readDefinitions(
  files: readonly { text: string; sha256: string; source: string }[],
  needed: readonly string[],
): { objects: KubernetesObject[]; problems: Problem[] } {
  const read = files.map(({ text, ...given }) => definitions(text, given));
  const objects = read.flatMap((one) => one.objects);
  const found = new Set(objects.map(({ metadata }) => metadata.name));
  const problems = [
    ...read.flatMap((one) => one.problems),
    ...needed
      .filter((name) => !found.has(name))
      .map((name) => ({
        path: "crds",
        rule: `none of the files defines ${name}, and ovnkube does not start without what its features need`,
        fix: "add the release's file of it, or switch the feature off",
      })),
  ];
  return { objects, problems };
}

/** What ovnkube waits for at its start. */
export function neededDefinitions({ features }: Pick<OvnKubernetesSettings, "features">): string[] {
  const { egressIp, egressFirewall, egressQos, egressService, externalRoutes, adminNetworkPolicy, multiNetwork } =
    features;
  const own = {
    egressips: egressIp,
    egressfirewalls: egressFirewall,
    egressqoses: egressQos,
    egressservices: egressService,
    adminpolicybasedexternalroutes: externalRoutes,
  };
  return [
    ...Object.entries(own)
      .filter(([, wanted]) => wanted)
      .map(([name]) => `${name}.k8s.ovn.org`),
    ...(adminNetworkPolicy
      ? ["adminnetworkpolicies.policy.networking.k8s.io", "baselineadminnetworkpolicies.policy.networking.k8s.io"]
      : []),
    ...(multiNetwork ? ["network-attachment-definitions.k8s.cni.cncf.io"] : []),
    ...(features.persistentIps ? ["ipamclaims.k8s.cni.cncf.io"] : []),
  ];
}
