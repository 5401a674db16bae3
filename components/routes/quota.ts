import { Cidr, type Family } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";

export type Cloud = "aws" | "gcp" | "alicloud";

interface CloudQuota {
  /** Routes when nobody asked for more. */
  usual: number;
  /** Routes at most, however much one asks. */
  most?: number;
  /** What has so many. */
  of: string;
  /** IPv4 and IPv6 have so many each. */
  apart: boolean;
  /** Where more are asked for. */
  raise: string;
}

/** What each cloud takes. Sources: docs/components/routes.md. */
export const quotas: Record<Cloud, CloudQuota> = {
  aws: {
    usual: 500,
    most: 1000,
    of: "a route table",
    apart: true,
    raise: "Service Quotas, Amazon VPC, Routes per route table, L-93826ACB",
  },
  gcp: {
    usual: 200,
    of: "a VPC network",
    apart: false,
    raise: "Quotas & System Limits, STATIC_ROUTES_PER_NETWORK",
  },
  alicloud: {
    usual: 200,
    of: "a route table",
    apart: false,
    raise: "Quota Center, VPC, vpc_quota_route_entrys_num",
  },
};

/** From this share of the quota on the preview warns: there is time to ask for more. */
const near = 0.8;

/** Destinations in one table: those of pods, each with how much it counts, and what else stands there. */
export interface Use {
  table: string;
  pods: readonly { to: string; counts: number }[];
  others: readonly string[];
  /** Prefix lists that others' routes lead to. */
  lists: readonly { family: Family; counts: number }[];
}

/** Whether the routes fit, and how nearly they do not. */
export function quotaFindings(cloud: Cloud, limit: number, uses: readonly Use[]) {
  const counts = uses.flatMap((use) => countsOf(cloud, use)).filter(({ pods }) => pods > 0);
  const over = counts.filter(({ pods, others }) => pods + others > limit);
  const close = counts.filter(({ pods, others }) => pods + others <= limit && pods + others >= near * limit);
  return {
    problems: over.map((count) => tooMany(cloud, limit, count)),
    warnings: close.map(({ table, kind, pods, others }) => {
      const room = limit - pods - others;
      const left = room === 0 ? "it is full" : `room for ${room} more`;
      return `${table} has ${pods + others} of ${limit} ${kind}: ${left}; ask for a higher quota in time (${quotas[cloud].raise})`;
    }),
  };
}

interface Count {
  table: string;
  kind: string;
  pods: number;
  others: number;
}

const sum = (list: readonly { counts: number }[]) => list.reduce((all, { counts }) => all + counts, 0);

function countsOf(cloud: Cloud, { table, pods, others, lists }: Use): Count[] {
  const families: readonly (Family | undefined)[] = quotas[cloud].apart ? ["ipv4", "ipv6"] : [undefined];
  return families.map((family) => {
    const ofFamily = (to: string) => family === undefined || Cidr.parse(to).family === family;
    return {
      table,
      kind: family === undefined ? "routes" : `${family} routes`,
      pods: sum(pods.filter(({ to }) => ofFamily(to))),
      others:
        others.filter(ofFamily).length + sum(lists.filter((list) => family === undefined || list.family === family)),
    };
  });
}

function tooMany(cloud: Cloud, limit: number, { table, kind, pods, others }: Count): Problem {
  const { of, most, raise } = quotas[cloud];
  const needed = pods + others;
  const ways = [
    most !== undefined && needed > most
      ? `${of} never takes more than ${most}`
      : `raise the quota to ${needed} or more (${raise}) and say quota: ${needed}`,
    "let one node of each zone forward for its neighbours (nodes.NAME.via), whose contiguous pod subnets then are one route",
    "or take an overlay, which needs no routes here",
  ];
  return {
    path: "quota",
    value: String(limit),
    rule: `${table} would have ${needed} ${kind}, ${pods} of pods and ${others} others, and takes ${limit}`,
    fix: ways.join("; "),
  };
}
