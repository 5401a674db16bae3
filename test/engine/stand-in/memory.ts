import type { Cloud } from "./stand-in";

// Clouds that are nobody's: empty tables, and whatever is asked about is as it should be.

const seconds = (count: number) => new Promise((done) => setTimeout(done, count * 1000));

/** @param interfaces ids whose source/destination check is on */
export function emptyAws({ checking = [] as string[], tables = {} as Record<string, unknown[]> } = {}): Cloud {
  return {
    kinds: {
      "aws:ec2/route:Route": {
        fixed: ["routeTableId", "destinationCidrBlock", "destinationIpv6CidrBlock", "destinationPrefixListId"],
      },
    },
    functions: {
      "aws:ec2/getVpc:getVpc": () => ({
        cidrBlockAssociations: [{ cidrBlock: "10.0.0.0/16" }],
        ipv6CidrBlockAssociations: [],
      }),
      "aws:ec2/getNetworkInterfaces:getNetworkInterfaces": ({ filters }) => {
        const [asked] = filters as { values: string[] }[];
        return { ids: asked?.values.filter((id) => !checking.includes(id)) };
      },
      "aws:ec2/getRouteTable:getRouteTable": ({ routeTableId }) => ({ routes: tables[String(routeTableId)] ?? [] }),
    },
  };
}

export function emptyGcp(): Cloud {
  return {
    kinds: {
      "gcp:compute/route:Route": {
        fixed: ["name", "network", "destRange", "nextHopInstance", "nextHopIp", "priority", "tags", "description"],
      },
    },
    functions: {
      "gcp:compute/getNetwork:getNetwork": () => ({ subnetworksSelfLinks: [] }),
      "gcp:compute/getSubnetwork:getSubnetwork": () => ({
        secondaryIpRanges: [{ rangeName: "pods", ipCidrRange: "10.99.0.0/16" }],
      }),
      "gcp:compute/getInstance:getInstance": ({ selfLink }) => ({ canIpForward: !String(selfLink).endsWith("closed") }),
    },
  };
}

/** Each entry takes a moment, in which a second one would be refused. */
export function emptyAlicloud(): Cloud {
  let busy = false;
  const alone = async () => {
    if (busy) throw new Error("TaskConflict: the VPC makes another route entry");
    busy = true;
    await seconds(0.02);
    busy = false;
  };
  let count = 0;
  return {
    kinds: {
      "alicloud:vpc/routeEntry:RouteEntry": {
        fixed: ["routeTableId", "destinationCidrblock", "nexthopType", "nexthopId"],
        async create() {
          await alone();
          count += 1;
          return { id: `entry-${count}` };
        },
        delete: alone,
      },
    },
    functions: { "alicloud:vpc/getRouteEntries:getRouteEntries": () => ({ entries: [] }) },
  };
}
