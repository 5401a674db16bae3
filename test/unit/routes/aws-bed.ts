import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { AwsRoutes, type AwsRoutesArgs } from "../../../components/aws";
import { Mocked, resolved } from "./mocks";

// A VPC with three nodes and two route tables, as the tests of AwsRoutes find it.

export const eni = (index: number) => `eni-0000000000000000${index}`.slice(0, 21);
export const subnets = {
  node1: ["10.244.0.0/24", "fd00:10:244::/64"],
  node2: ["10.244.1.0/24", "fd00:10:244:1::/64"],
  node3: ["10.244.2.0/24", "fd00:10:244:2::/64"],
};
export const network = { subnets, podCidr: ["10.244.0.0/16", "fd00:10:244::/48"] };
export const [rtbA, rtbB] = ["rtb-0000000000000000a", "rtb-0000000000000000b"];
export const args: AwsRoutesArgs = {
  network,
  vpc: "vpc-00000000000000001",
  nodes: {
    node1: { networkInterface: eni(1) },
    node2: { networkInterface: eni(2) },
    node3: { instance: "i-00000000000000003" },
  },
  tables: { "private-a": rtbA, "private-b": rtbB },
};

const all = [1, 2, 3].map(eni);
export const mocked = new Mocked({});

/** Plays the VPC for the tests of a file. */
export function playVpc(): void {
  beforeAll(() => mocked.start());
  beforeEach(() => {
    mocked.forget();
    Object.assign(mocked.answers, {
      "aws:ec2/getVpc:getVpc": () => ({
        cidrBlockAssociations: [{ cidrBlock: "10.0.0.0/16" }],
        ipv6CidrBlockAssociations: [{ ipv6CidrBlock: "2001:db8::/56" }],
      }),
      "aws:ec2/getInstance:getInstance": ({ instanceId }: { instanceId: string }) => ({
        networkInterfaceId: eni(Number(instanceId.at(-1))),
      }),
      "aws:ec2/getNetworkInterfaces:getNetworkInterfaces": () => ({ ids: all }),
      "aws:ec2/getRouteTable:getRouteTable": () => ({ routes: [] }),
      "aws:ec2/getManagedPrefixList:getManagedPrefixList": () => ({ addressFamily: "IPv6", maxEntries: 20 }),
      "aws:ec2/getRouteTables:getRouteTables": () => ({ ids: [rtbA, rtbB] }),
      "aws:servicequotas/getServiceQuota:getServiceQuota": () => ({ value: 750 }),
    });
  });
  afterAll(() => pulumi.runtime.disconnect());
}

export async function make(name: string, change: Partial<AwsRoutesArgs> = {}): Promise<AwsRoutes> {
  const routes = new AwsRoutes(name, { ...args, ...change });
  await resolved(routes.routes);
  return routes;
}

export const asked = (function_: string) => mocked.asked.filter(({ token }) => token.endsWith(`:${function_}`));
export const plan = () => mocked.of("RoutePlan")[0]?.inputs;
