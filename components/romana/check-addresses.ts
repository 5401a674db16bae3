import { Cidr, IpAddress } from "../addresses/cidr";
import { overlaps } from "../addresses/overlap";
import type { Problem } from "../addresses/problem";
import type { RomanaSettings } from "./complete";

/** Ranges, and addresses that must lie in them. */
export function addressProblems(settings: RomanaSettings): Problem[] {
  const { podCidr } = settings;
  if (podCidr.length !== 1 || Cidr.parse(podCidr[0] as string).family !== "ipv4")
    return [
      {
        path: "podCidr",
        value: podCidr.join(", "),
        rule: "Romana has one IPv4 range, and no IPv6",
        fix: 'say podCidr: "10.112.0.0/12"',
      },
    ];
  return [...networkProblems(settings), ...serviceProblems(settings)];
}

function networkProblems({ podCidr, networks }: RomanaSettings): Problem[] {
  const range = Cidr.parse(podCidr[0] as string);
  const named = Object.entries(networks).map(([name, { cidr }]) => ({ name: `networks.${name}.cidr`, cidr }));
  const inside = named.filter(({ cidr }) => !range.contains(Cidr.parse(cidr)));
  return [
    ...inside.map(({ name, cidr }) => ({
      path: name,
      value: cidr,
      rule: `${cidr} is no part of podCidr ${range}`,
      fix: "take a part of it, or grow podCidr",
    })),
    ...overlaps(named).map(({ first, second }) => ({
      path: first.name,
      value: first.cidr,
      rule: `${first.cidr} overlaps ${second.name} ${second.cidr}`,
      fix: "give each network a range of its own",
    })),
    ...Object.entries(networks)
      .filter(([, { cidr, blockMask }]) => blockMask <= Cidr.parse(cidr).prefix)
      .map(([name, { cidr, blockMask }]) => ({
        path: `networks.${name}.blockMask`,
        value: String(blockMask),
        rule: `a block of /${blockMask} is as large as the network ${cidr}`,
        fix: "take a longer one: 29 has eight addresses",
      })),
  ];
}

/** Romana's services have fixed addresses, which the cluster must take and give nobody else. */
function serviceProblems({ programs, serviceCidr }: RomanaSettings): Problem[] {
  if (!programs) return [];
  const range = serviceCidr.map((text) => Cidr.parse(text)).find(({ family }) => family === "ipv4");
  if (!range)
    return [
      {
        path: "serviceCidr",
        rule: "Romana's services have fixed addresses, and serviceCidr has no IPv4 range for them",
        fix: "say the cluster's --service-cluster-ip-range",
      },
    ];
  const { etcd, romana } = programs.serviceAddresses;
  const taken = [1n, 10n].filter((place) => place < range.size).map((place) => String(range.address(place)));
  const wrong = Object.entries({ etcd, romana }).flatMap(([name, address]): Problem[] => {
    const path = `programs.serviceAddresses.${name}`;
    if (address === "" || !range.contains(IpAddress.parse(address)))
      return [
        {
          path,
          value: address,
          rule: `${address || "none"} is no address of serviceCidr ${range}`,
          fix: "take a free one of it",
        },
      ];
    return taken.includes(address)
      ? [
          {
            path,
            value: address,
            rule: `${address} is the address of the API server or of DNS`,
            fix: "take another",
          },
        ]
      : [];
  });
  return [
    ...wrong,
    ...(etcd === romana && etcd !== ""
      ? [
          {
            path: "programs.serviceAddresses",
            value: etcd,
            rule: "both services have one address",
            fix: "give each its own",
          },
        ]
      : []),
    ...etcdProblems(programs.etcd),
  ];
}

function etcdProblems({ image, endpoints }: NonNullable<RomanaSettings["programs"]>["etcd"]): Problem[] {
  const [, minor] = /:v?3\.(\d+)/.exec(image) ?? [];
  if (endpoints.length > 0 || Number(minor ?? 0) < 6) return [];
  return [
    {
      path: "programs.etcd.image",
      value: image,
      rule: "Romana speaks etcd's second API, which etcd 3.6 has no more",
      fix: "take an image of 3.5 or older",
    },
  ];
}
