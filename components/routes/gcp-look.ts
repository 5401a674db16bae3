import * as compute from "@pulumi/gcp/compute";
import * as pulumi from "@pulumi/pulumi";
import { Cidr } from "../addresses/cidr";
import { refuse } from "../errors";
import type { Later } from "../later";
import type { GcpSettings } from "./gcp-settings";
import { planRoutes } from "./plan";
import { input } from "./resource";

// What is asked of Google Cloud before anything is planned: each answer is known in the preview, unless what it is about
// is made in the same run.

type Look = pulumi.InvokeOutputOptions;

/** What the network interface of an instance is given as `aliasIpRanges`. */
export interface AliasIpRange {
  ipCidrRange: string;
  subnetworkRangeName: string;
}

/** Whether an instance takes packets that are not its own. */
export function forwards(
  instance: Later<string>,
  zone: Later<string> | undefined,
  { project }: GcpSettings,
  look: Look,
): pulumi.Output<boolean> {
  return pulumi.all([input(instance), zone && input(zone)]).apply(([text, where]) => {
    const which = text.includes("/") ? { selfLink: text } : { name: text, zone: where, project };
    return compute.getInstanceOutput(which, look).canIpForward;
  });
}

/** Every range that the VPC network has routes of its own to. */
export function subnetworkAddresses({ vpc, project }: GcpSettings, look: Look): pulumi.Output<string[]> {
  return pulumi.output(input(vpc)).apply((text) => {
    const network = text.includes("/") ? { selfLink: text } : { name: text, project };
    return compute
      .getNetworkOutput(network, look)
      .subnetworksSelfLinks.apply((links) =>
        pulumi
          .all(links.map((selfLink) => compute.getSubnetworkOutput({ selfLink }, look)))
          .apply((subnetworks) =>
            subnetworks
              .flatMap(({ ipCidrRange, secondaryIpRanges, internalIpv6Prefix, externalIpv6Prefix }) => [
                ipCidrRange,
                ...secondaryIpRanges.map((range) => range.ipCidrRange),
                internalIpv6Prefix,
                externalIpv6Prefix,
              ])
              .filter(Boolean),
          ),
      );
  });
}

/** Ranges of each node, all in the secondary range: elsewhere Google Cloud takes none. */
export function aliasRanges(
  name: string,
  { network }: GcpSettings,
  { subnetwork, range }: NonNullable<GcpSettings["alias"]>,
  look: Look,
): pulumi.Output<Record<string, AliasIpRange[]>> {
  const found = pulumi
    .output(input(subnetwork))
    .apply((selfLink) => compute.getSubnetworkOutput({ selfLink }, look).secondaryIpRanges);
  return pulumi.all([input(network.subnets), found]).apply(([subnets, ranges]) => {
    const secondary = ranges.find(({ rangeName }) => rangeName === range)?.ipCidrRange;
    const known = ranges.map(({ rangeName }) => rangeName).join(", ") || "no secondary range";
    const fix = secondary === undefined ? `the subnetwork has ${known}` : `${range} is ${secondary}`;
    const problems = Object.entries(subnets).flatMap(([node, list]) =>
      list
        .filter((text) => secondary === undefined || !Cidr.parse(secondary).contains(Cidr.parse(text)))
        .map((text) => ({
          path: "alias.range",
          value: range,
          rule: `${node}'s pod subnet ${text} is not in the secondary range ${range}`,
          fix,
        })),
    );
    refuse(`GcpRoutes "${name}"`, problems);
    return Object.fromEntries(
      Object.entries(subnets).map(([node, list]) => {
        const own = Object.keys(planRoutes({ subnets: { [node]: list }, nodes: {} }));
        return [node, own.map((ipCidrRange) => ({ ipCidrRange, subnetworkRangeName: range }))];
      }),
    );
  });
}
