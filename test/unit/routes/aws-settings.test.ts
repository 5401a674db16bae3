import type * as pulumi from "@pulumi/pulumi";
import { describe, expect, test } from "vitest";
import { AwsRoutes, type AwsRoutesArgs, withoutSourceDestCheck } from "../../../components/aws";
import { args, eni, mocked, playVpc, subnets } from "./aws-bed";

playVpc();

describe("settings", () => {
  const refusal = (change: object) => {
    try {
      new AwsRoutes("wrong", { ...args, ...change } as AwsRoutesArgs);
    } catch (error) {
      return (error as Error).message;
    }
    throw new Error("they were taken");
  };

  test("are refused with every problem at once, before anything is asked or made", () => {
    const message = refusal({
      tabels: {},
      nodes: {
        node1: { networkInterface: eni(1), instance: "i-00000000000000003" },
        node2: {},
        node3: { via: "node4" },
        node5: { via: "node3" },
      },
      quota: 5000,
      securityGroups: { Nodes: "sg-00000000000000001", nodes: "nodes" },
    });
    expect(message).toMatch(/^AwsRoutes "wrong": \d+ problems\n/);
    for (const rule of [
      'an id such as "sg-0123456789abcdef0"',
      "1 to 40 lower-case letters, digits and dashes",
      'unknown option "tabels"; did you mean "tables"?',
      "node1 has networkInterface and instance",
      "node2 has no next hop",
      "node3 is behind node4, which is no node here",
      "node5 is behind node3, which is behind node4",
      "at quota, value 5000",
      "at securityGroups.Nodes",
    ])
      expect(message).toContain(rule);
    expect(mocked.made.filter(({ type }) => type !== "podnet:index:AwsRoutes")).toEqual([]);
    expect(mocked.asked).toEqual([]);
  });

  test.each([
    [{ vpc: "my-vpc" }, 'an id such as "vpc-0123456789abcdef0"'],
    [{ tables: {} }, "there is no route table"],
    [{ tablesTagged: {} }, "tables and tablesTagged are both given"],
    [{ adopt: true, readTables: false }, "adopt is on, and the tables are not read"],
    [{ adopt: true, destination: "prefix-list" }, "takes over no route by a CIDR"],
    [{ network: { subnets } }, "at network.podCidr"],
    [{ network: { subnets: { node1: ["10.244.0.1/24"] }, podCidr: "10.244.0.0/16" } }, "did you mean 10.244.0.0/24?"],
  ])("%o: %s", (change, rule) => {
    expect(refusal(change)).toContain(rule);
  });
});

describe("what makes the nodes", () => {
  const transformed = (type: string, props: object) =>
    withoutSourceDestCheck({ type, props, opts: {}, name: "node1", custom: true } as pulumi.ResourceTransformArgs);

  test("makes instances and network interfaces without the check, and leaves all else as it is", () => {
    expect(transformed("aws:ec2/instance:Instance", { ami: "ami-1" })).toMatchObject({
      props: { ami: "ami-1", sourceDestCheck: false },
    });
    expect(transformed("aws:ec2/networkInterface:NetworkInterface", {})).toMatchObject({
      props: { sourceDestCheck: false },
    });
    expect(transformed("aws:ec2/instance:Instance", { networkInterfaces: [{}] })).toBeUndefined();
    expect(transformed("aws:s3/bucket:Bucket", {})).toBeUndefined();
  });
});
