import {
  AuthorizeSecurityGroupIngressCommand,
  CreateRouteCommand,
  DeleteRouteCommand,
  DescribeInstancesCommand,
  DescribeNetworkInterfacesCommand,
  DescribeRouteTablesCommand,
  DescribeVpcsCommand,
  type EC2Client,
  type Filter,
  ReplaceRouteCommand,
  RevokeSecurityGroupIngressCommand,
  type Route,
} from "@aws-sdk/client-ec2";
import type { Bag, Cloud } from "./stand-in";

// Stands in for the AWS provider with the calls of EC2 that it makes for what the components use of it.

const text = (value: unknown) => value as string;
const destination = ({ destinationCidrBlock, destinationIpv6CidrBlock }: Bag) =>
  destinationCidrBlock
    ? { DestinationCidrBlock: text(destinationCidrBlock) }
    : { DestinationIpv6CidrBlock: text(destinationIpv6CidrBlock) };
const target = (inputs: Bag) => ({
  RouteTableId: text(inputs.routeTableId),
  NetworkInterfaceId: text(inputs.networkInterfaceId),
  ...destination(inputs),
});

/** Routes of one table, as EC2 tells them. */
export async function routesOf(ec2: EC2Client, table: string): Promise<Route[]> {
  const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ RouteTableIds: [table] }));
  return RouteTables?.[0]?.Routes ?? [];
}

async function find(ec2: EC2Client, table: string, to: string | undefined): Promise<Route | undefined> {
  const routes = await routesOf(ec2, table);
  return routes.find((route) => [route.DestinationCidrBlock, route.DestinationIpv6CidrBlock].includes(to));
}

export function ec2Cloud(ec2: EC2Client): Cloud {
  return {
    kinds: {
      "aws:ec2/route:Route": {
        fixed: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock"],
        /** Looks first, as the AWS provider does: EC2 refuses a second route, moto overwrites one by an interface. */
        async create(inputs) {
          const [table, to] = [text(inputs.routeTableId), Object.values(destination(inputs))[0]];
          if (await find(ec2, table, to)) throw new Error(`RouteAlreadyExists: ${table} has a route to ${to}`);
          await ec2.send(new CreateRouteCommand(target(inputs)));
          return { id: `r-${table}-${to}` };
        },
        async update(_id, inputs) {
          await ec2.send(new ReplaceRouteCommand(target(inputs)));
        },
        async delete(_id, inputs) {
          const { NetworkInterfaceId: _hop, ...where } = target(inputs);
          await ec2.send(new DeleteRouteCommand(where));
        },
        /** An imported route is named as the AWS provider names it: by its table and destination. */
        async read(id, inputs) {
          const [table, to] = inputs.routeTableId
            ? [text(inputs.routeTableId), Object.values(destination(inputs))[0]]
            : id.split("_");
          const found = await find(ec2, table as string, to);
          if (!found) return undefined;
          const { DestinationCidrBlock, DestinationIpv6CidrBlock, NetworkInterfaceId } = found;
          return {
            routeTableId: table,
            ...(DestinationCidrBlock && { destinationCidrBlock: DestinationCidrBlock }),
            ...(DestinationIpv6CidrBlock && { destinationIpv6CidrBlock: DestinationIpv6CidrBlock }),
            networkInterfaceId: NetworkInterfaceId,
          };
        },
      },
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": {
        async create({ securityGroupId, ipProtocol, cidrIpv4, cidrIpv6, description }) {
          const Description = text(description);
          const ranges = cidrIpv4
            ? { IpRanges: [{ CidrIp: text(cidrIpv4), Description }] }
            : { Ipv6Ranges: [{ CidrIpv6: text(cidrIpv6), Description }] };
          const IpPermissions = [{ IpProtocol: text(ipProtocol), ...ranges }];
          const made = await ec2.send(
            new AuthorizeSecurityGroupIngressCommand({ GroupId: text(securityGroupId), IpPermissions }),
          );
          return { id: made.SecurityGroupRules?.[0]?.SecurityGroupRuleId as string };
        },
        async delete(id, { securityGroupId }) {
          const rule = { GroupId: text(securityGroupId), SecurityGroupRuleIds: [id] };
          await ec2.send(new RevokeSecurityGroupIngressCommand(rule));
        },
      },
    },
    functions: dataSources(ec2),
  };
}

function dataSources(ec2: EC2Client): Cloud["functions"] {
  return {
    async "aws:ec2/getVpc:getVpc"({ id }) {
      const { Vpcs } = await ec2.send(new DescribeVpcsCommand({ VpcIds: [text(id)] }));
      const [vpc] = Vpcs ?? [];
      return {
        id,
        cidrBlockAssociations: vpc?.CidrBlockAssociationSet?.map(({ CidrBlock }) => ({ cidrBlock: CidrBlock })) ?? [],
        ipv6CidrBlockAssociations:
          vpc?.Ipv6CidrBlockAssociationSet?.map(({ Ipv6CidrBlock }) => ({ ipv6CidrBlock: Ipv6CidrBlock })) ?? [],
      };
    },
    async "aws:ec2/getNetworkInterfaces:getNetworkInterfaces"({ filters }) {
      const Filters = (filters as { name: string; values: string[] }[]).map(
        ({ name, values }): Filter => ({ Name: name, Values: values }),
      );
      const { NetworkInterfaces } = await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
      return { ids: NetworkInterfaces?.map(({ NetworkInterfaceId }) => NetworkInterfaceId) ?? [] };
    },
    async "aws:ec2/getInstance:getInstance"({ instanceId }) {
      const { Reservations } = await ec2.send(new DescribeInstancesCommand({ InstanceIds: [text(instanceId)] }));
      return { networkInterfaceId: Reservations?.[0]?.Instances?.[0]?.NetworkInterfaces?.[0]?.NetworkInterfaceId };
    },
    async "aws:ec2/getRouteTables:getRouteTables"({ vpcId, tags }) {
      const tagged = Object.entries((tags ?? {}) as Record<string, string>).map(
        ([name, value]): Filter => ({ Name: `tag:${name}`, Values: [value] }),
      );
      const Filters = [{ Name: "vpc-id", Values: [text(vpcId)] }, ...tagged];
      const { RouteTables } = await ec2.send(new DescribeRouteTablesCommand({ Filters }));
      return { ids: RouteTables?.map(({ RouteTableId }) => RouteTableId) ?? [] };
    },
    /** As the AWS provider's: without the VPC's own addresses, and without what a gateway propagates. */
    async "aws:ec2/getRouteTable:getRouteTable"({ routeTableId }) {
      const routes = await routesOf(ec2, text(routeTableId));
      const own = routes.filter(
        ({ GatewayId, Origin }) => GatewayId !== "local" && Origin !== "EnableVgwRoutePropagation",
      );
      return {
        routes: own.map((route) => ({
          cidrBlock: route.DestinationCidrBlock ?? "",
          ipv6CidrBlock: route.DestinationIpv6CidrBlock ?? "",
          destinationPrefixListId: route.DestinationPrefixListId ?? "",
          gatewayId: route.GatewayId ?? "",
          instanceId: route.InstanceId ?? "",
          networkInterfaceId: route.NetworkInterfaceId ?? "",
        })),
      };
    },
  };
}
