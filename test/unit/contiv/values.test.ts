import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { values } from "../../../components/contiv/values";
import { isFixed } from "../../../components/netmaster/collections";
import { netmasterObjectSettings } from "../../../components/netmaster/settings";
import { Netmaster } from "../../provider/netmaster";
import { settingsOf, type Written } from "./read";

const shop: Written = {
  tenants: {
    shop: {
      networks: {
        web: { subnet: "10.1.0.0/16", gateway: "10.1.0.1", tag: 7, ipv6Subnet: "fd01::/64", ipv6Gateway: "fd01::1" },
      },
      profiles: { slow: { bandwidth: "10 mbps", dscp: 8, burst: 100 } },
      policies: {
        closed: {
          rules: {
            "1": { direction: "in", action: "deny" },
            "2": {
              direction: "in",
              priority: 10,
              from: { group: "front" },
              protocol: "tcp",
              port: 5432,
              action: "allow",
            },
            "3": { direction: "out", to: { address: "192.0.2.0/24" }, action: "allow" },
          },
        },
      },
      groups: {
        front: { network: "web" },
        back: { network: "web", policies: ["closed"], profile: "slow", ipPool: "10.1.0.10-10.1.0.20" },
      },
    },
  },
};

let netmaster: Netmaster;
beforeAll(async () => {
  netmaster = await Netmaster.start();
});
afterAll(() => netmaster.end());

/** Puts it all in, in its order, as one who knows no more than the answers. */
async function tell(written: Written): Promise<void> {
  for (const { collection, key, value } of values(settingsOf(written)).flat()) {
    const url = `${netmaster.url}/api/v1/${collection}/${key}/`;
    const response = await fetch(url, { method: "POST", body: JSON.stringify({ key, ...value }) });
    if (!response.ok) throw new Error(`${collection}/${key}: ${await response.text()}`);
  }
}

test("what Contiv cannot do without: the settings, the pods' network, and the hosts'", () => {
  const all = values(settingsOf({})).flat();
  expect(all.map(({ collection, key }) => `${collection}/${key}`)).toEqual([
    "globals/global",
    "networks/default:contivh1",
    "networks/default:default-net",
  ]);
  expect(all.map(({ value }) => value)).toEqual([
    {
      name: "global",
      networkInfraType: "default",
      fwdMode: "routing",
      arpMode: "proxy",
      vlans: "1-4094",
      vxlans: "1-10000",
      pvtSubnet: "172.19.0.0/16",
    },
    {
      tenantName: "default",
      networkName: "contivh1",
      nwType: "infra",
      encap: "vxlan",
      subnet: "132.1.1.0/24",
      gateway: "132.1.1.1",
    },
    {
      tenantName: "default",
      networkName: "default-net",
      nwType: "data",
      encap: "vxlan",
      subnet: "20.1.0.0/16",
      gateway: "20.1.0.1",
    },
  ]);
});

test("bridging needs no network of hosts, and a second family is the pods' network's", () => {
  const all = values(
    settingsOf({
      podCidr: ["20.1.0.0/16", "fd20::/64"],
      encapsulation: "vlan",
      forwarding: "bridge",
      vlanUplinks: ["eth1"],
    }),
  ).flat();
  expect(all.map(({ key }) => key)).toEqual(["global", "default:default-net"]);
  expect(all[1]?.value).toMatchObject({ encap: "vlan", ipv6Subnet: "fd20::/64", ipv6Gateway: "fd20::1" });
});

describe("every field is netmaster's, by its own name", () => {
  const find = (collection: string, key: string) =>
    values(
      settingsOf({
        ...shop,
        encapsulation: "vlan",
        vlanUplinks: ["eth1"],
        bgp: { node1: { routerAddress: "50.1.1.1/24", as: 65002, neighbor: "50.1.1.254", neighborAs: 500 } },
      }),
    )
      .flat()
      .find((one) => one.collection === collection && one.key === key)?.value;

  test.each([
    ["tenants", "shop", { tenantName: "shop" }],
    [
      "networks",
      "shop:web",
      {
        tenantName: "shop",
        networkName: "web",
        nwType: "data",
        encap: "vlan",
        pktTag: 7,
        subnet: "10.1.0.0/16",
        gateway: "10.1.0.1",
        ipv6Subnet: "fd01::/64",
        ipv6Gateway: "fd01::1",
      },
    ],
    [
      "netprofiles",
      "shop:slow",
      { tenantName: "shop", profileName: "slow", bandwidth: "10 mbps", DSCP: 8, burst: 100 },
    ],
    ["policys", "shop:closed", { tenantName: "shop", policyName: "closed" }],
    [
      "rules",
      "shop:closed:1",
      { tenantName: "shop", policyName: "closed", ruleId: "1", direction: "in", priority: 1, action: "deny" },
    ],
    [
      "rules",
      "shop:closed:2",
      {
        tenantName: "shop",
        policyName: "closed",
        ruleId: "2",
        direction: "in",
        priority: 10,
        fromEndpointGroup: "front",
        protocol: "tcp",
        port: 5432,
        action: "allow",
      },
    ],
    [
      "rules",
      "shop:closed:3",
      {
        tenantName: "shop",
        policyName: "closed",
        ruleId: "3",
        direction: "out",
        priority: 1,
        toIpAddress: "192.0.2.0/24",
        action: "allow",
      },
    ],
    [
      "endpointGroups",
      "shop:back",
      {
        tenantName: "shop",
        groupName: "back",
        networkName: "web",
        ipPool: "10.1.0.10-10.1.0.20",
        policies: ["closed"],
        netProfile: "slow",
      },
    ],
    [
      "Bgps",
      "node1",
      { hostname: "node1", routerip: "50.1.1.1/24", as: "65002", neighbor: "50.1.1.254", "neighbor-as": "500" },
    ],
  ])("%s %s", (collection, key, value) => {
    expect(find(collection, key)).toEqual(value);
  });
});

test("netmaster takes all of it in its order, and lets it be taken away backwards", async () => {
  netmaster.reset();
  // Of those that the stand-in does not know.
  const { profiles: _, ...tenant } = shop.tenants?.shop ?? {};
  const groups = { front: { network: "web" }, back: { network: "web", policies: ["closed"] } };
  const written: Written = { tenants: { shop: { ...tenant, groups } } };
  await tell(written);
  expect(netmaster.of("rules").size).toBe(3);
  expect(netmaster.of("endpointGroups").get("shop:back")).toMatchObject({ policies: ["closed"] });
  for (const { collection, key } of values(settingsOf(written)).flat().reverse()) {
    const response = await fetch(`${netmaster.url}/api/v1/${collection}/${key}/`, { method: "DELETE" });
    expect([`${collection}/${key}`, response.status]).toEqual([`${collection}/${key}`, 200]);
  }
});

test("every object is one that the provider takes", () => {
  for (const object of values(settingsOf(shop)).flat()) {
    const given = { node: "node1", connection: { host: "192.0.2.1" }, url: "http://10.96.232.137:9999", ...object };
    expect(netmasterObjectSettings.safeParse(given).error).toBeUndefined();
  }
});

test("a group's policies change where it is; its network does not", () => {
  const group = { groupName: "back", networkName: "web", policies: ["closed"] };
  expect(isFixed("endpointGroups", group, { ...group, policies: [] })).toBe(false);
  expect(isFixed("endpointGroups", group, { ...group, networkName: "other" })).toBe(true);
  expect(isFixed("networks", { subnet: "a" }, { subnet: "b" })).toBe(true);
});
