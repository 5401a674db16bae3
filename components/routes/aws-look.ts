import * as ec2 from "@pulumi/aws/ec2";
import * as servicequotas from "@pulumi/aws/servicequotas";
import * as pulumi from "@pulumi/pulumi";
import { type AwsSettings, readsTables } from "./aws-settings";
import type { RoutesRequestInput } from "./request";
import { input } from "./resource";

// What is asked of AWS before anything is planned: each answer is known in the preview, unless what it is about is made
// in the same run.

type Look = pulumi.InvokeOutputOptions;
type Standing = NonNullable<NonNullable<RoutesRequestInput["tables"]>[string]["standing"]>;

/** Values that one filter of EC2 takes (EC2 API reference, "Filter"). */
const filterValues = 200;

/** The network interface of each node that has a way of its own. */
export function interfaces({ nodes }: AwsSettings, look: Look): Record<string, pulumi.Output<string>> {
  const found = Object.entries(nodes).flatMap(([name, { networkInterface, instance }]) => {
    if (networkInterface !== undefined) return [[name, pulumi.output(input(networkInterface))]];
    if (instance === undefined) return [];
    const instanceId = input(instance);
    return [[name, ec2.getInstanceOutput({ instanceId }, look).networkInterfaceId]];
  });
  return Object.fromEntries(found);
}

/** Which of the interfaces take packets that are not their own: those whose source/destination check is off. */
export function forwarding(
  hops: Record<string, pulumi.Output<string>>,
  look: Look,
): Record<string, pulumi.Output<boolean>> {
  const open = { name: "source-dest-check", values: ["false"] };
  const found = chunks(Object.entries(hops)).flatMap((chunk) => {
    const ids = chunk.map(([, id]) => id);
    const forward = interfacesAmong(ids, look, [open]);
    return chunk.map(([name, id]) => [name, pulumi.all([forward, id]).apply(([those, own]) => those.includes(own))]);
  });
  return Object.fromEntries(found);
}

function interfacesAmong(ids: pulumi.Input<string>[], look: Look, further: { name: string; values: string[] }[] = []) {
  const filters = [{ name: "network-interface-id", values: ids }, ...further];
  return ec2.getNetworkInterfacesOutput({ filters }, look).ids;
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / filterValues) }, (_, index) =>
    items.slice(index * filterValues, (index + 1) * filterValues),
  );
}

/** The tables' names: those of the settings, or the ids of those that have the tags. */
export function tableNames({ vpc, tables, tablesTagged }: AwsSettings, look: Look): pulumi.Output<string[]> {
  if (tablesTagged === undefined) return pulumi.output(Object.keys(tables));
  return ec2.getRouteTablesOutput({ vpcId: input(vpc), tags: tablesTagged }, look).ids;
}

export function idOf({ tables }: AwsSettings, name: string): pulumi.Input<string> {
  return input(tables[name] ?? name);
}

/** Each table's id and what stands in it. */
export function tablesToday(settings: AwsSettings, names: pulumi.Output<string[]>, look: Look) {
  const today = (name: string) => {
    const id = idOf(settings, name);
    return readsTables(settings) ? { id, ...inTable(settings, id, look) } : { id };
  };
  const { tables, tablesTagged } = settings;
  // Names that are known are kept out of an output: one table that is not known yet would hide the others.
  if (tablesTagged === undefined) return Object.fromEntries(Object.keys(tables).map((name) => [name, today(name)]));
  return names.apply((found) => Object.fromEntries(found.map((name) => [name, today(name)])));
}

/** The data source leaves out the VPC's own addresses, and what a gateway propagates, which has a quota of its own. */
function inTable({ destination }: AwsSettings, routeTableId: pulumi.Input<string>, look: Look) {
  const table = pulumi
    .output(routeTableId)
    .apply((id) => ec2.getRouteTableOutput({ routeTableId: id }, look).routes.apply((routes) => ({ id, routes })));
  const standing = standingIn(table, look);
  // Where podnet's own routes are by prefix lists, nothing at a route tells whose its list is.
  return destination === "cidr" ? { standing, lists: listsIn(table, look) } : { standing };
}

type Table = pulumi.Output<{ id: string; routes: ec2.GetRouteTableResult["routes"] }>;

function standingIn(table: Table, look: Look): pulumi.Output<Standing> {
  return table.apply(({ id, routes: found }) => {
    const routes = found.flatMap(
      ({ cidrBlock, ipv6CidrBlock, destinationPrefixListId: _list, instanceId: _i, ...hops }) => {
        const to = cidrBlock || ipv6CidrBlock;
        const hop = Object.values(hops).find(Boolean) ?? "nothing";
        return to ? [{ to, hop, importId: `${id}_${to}` }] : [];
      },
    );
    // The data source does not tell a blackhole: it is a route by an interface that is gone.
    const used = routes.map(({ hop }) => hop).filter((hop) => hop.startsWith("eni-"));
    const there = pulumi.all(chunks(used).map((chunk) => interfacesAmong(chunk, look)));
    return there.apply((ids) => {
      const living = new Set(ids.flat());
      return routes.map((route) => ({ ...route, dead: route.hop.startsWith("eni-") && !living.has(route.hop) }));
    });
  });
}

/** Prefix lists that routes of others lead to. AWS's own lists have no most entries: they count as 1 at least. */
function listsIn(table: Table, look: Look) {
  return table.apply(({ routes }) => {
    const ids = routes.map(({ destinationPrefixListId }) => destinationPrefixListId).filter(Boolean);
    const lists = ids.map((id) => ec2.getManagedPrefixListOutput({ id }, look));
    return pulumi.all(lists).apply((found) =>
      found.map(({ addressFamily, maxEntries }) => ({
        family: addressFamily === "IPv6" ? ("ipv6" as const) : ("ipv4" as const),
        counts: maxEntries || 1,
      })),
    );
  });
}

/** Addresses that the VPC routes by itself. Earlier releases of the SDK tell the first IPv6 range, and no list. */
export function vpcAddresses({ vpc }: AwsSettings, look: Look): pulumi.Output<string[]> {
  return ec2
    .getVpcOutput({ id: input(vpc) }, look)
    .apply(({ cidrBlockAssociations, ipv6CidrBlockAssociations, ipv6CidrBlock }) =>
      [
        ...cidrBlockAssociations.map(({ cidrBlock }) => cidrBlock),
        ...(ipv6CidrBlockAssociations?.map((one) => one.ipv6CidrBlock) ?? [ipv6CidrBlock]),
      ].filter(Boolean),
    );
}

/** Service Quotas' codes of "Routes per route table". */
const routesPerTable = { serviceCode: "vpc", quotaCode: "L-93826ACB" };

export function quotaOf({ quota }: AwsSettings, look: Look): pulumi.Input<number> {
  return quota === "account" ? servicequotas.getServiceQuotaOutput(routesPerTable, look).value : quota;
}
