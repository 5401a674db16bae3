import { PolicyPack, type ReportViolation, type ResourceValidationArgs } from "@pulumi/policy";
import { unpinnedHosts } from "./host-keys";
import { doubledNetworks } from "./one-network";
import { sharedRanges, type Taken } from "./ranges";
import type { Violation } from "./stack";

/** Checks that a site has of its own; what must always hold is refused by podnet itself. */
new PolicyPack("site-policy", {
  enforcementLevel: "mandatory",
  policies: [
    {
      name: "ranges-apart",
      description: "Addresses of pods and services belong to one stack.",
      configSchema: {
        properties: {
          ranges: {
            type: "object",
            description: "Ranges that stacks have, by the stack's name",
            additionalProperties: { type: "array", items: { type: "string" } },
            default: {},
          },
        },
      },
      validateStack: (stack, report) =>
        told(sharedRanges(stack.resources, stack.getConfig<{ ranges: Taken }>().ranges), report),
    },
    {
      name: "host-keys-pinned",
      description: "A node is changed only by who knows its host key.",
      configSchema: {
        properties: {
          knownHosts: { type: "boolean", description: "Whether the runner's known_hosts counts", default: true },
        },
      },
      // How a node is reached is what its resource is given, and no output that a policy over the stack would see.
      validateResource: (resource: ResourceValidationArgs, report) => {
        const { knownHosts } = resource.getConfig<{ knownHosts: boolean }>();
        for (const message of unpinnedHosts(resource, knownHosts)) report(message);
      },
    },
    {
      name: "one-network-a-cluster",
      description: "A cluster has one pod network.",
      validateStack: (stack, report) => told(doubledNetworks(stack.resources), report),
    },
  ],
});

function told(violations: readonly Violation[], report: ReportViolation): void {
  for (const { message, urn } of violations) report(message, urn);
}
