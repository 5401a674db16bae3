import { describe, expect, test } from "vitest";
import { read, refusal, type Written } from "./read";

describe("pools", () => {
  test.each<[string, Written, string]>([
    ["outside of podCidr", { pools: { a: { cidr: "10.250.0.0/16" } } }, "the pool 10.250.0.0/16 is not in podCidr"],
    [
      "that overlap",
      { pools: { a: { cidr: "10.244.0.0/17" }, b: { cidr: "10.244.64.0/18" } } },
      "pools.a 10.244.0.0/17 overlaps pools.b 10.244.64.0/18",
    ],
    ["with blocks larger than themselves", { podCidr: "10.244.0.0/27" }, "a block of /26 is larger than its pool"],
    [
      "with blocks of no size",
      { pools: { a: { cidr: "10.244.0.0/16", blockSize: 64 } } },
      "blocks of an ipv4 pool are /20 to /32",
    ],
    ["IPIP over IPv6", { podCidr: "fd00::/48", encapsulation: "IPIP" }, "IPIP carries IPv4 only"],
    ["IPIP in Azure", { cloud: "azure", encapsulation: "IPIP" }, "Azure drops IP in IP"],
    [
      "IPIP at DigitalOcean",
      { cloud: "digitalocean", encapsulation: "IPIPCrossSubnet" },
      "DigitalOcean drops IP in IP",
    ],
    [
      "None in Google Cloud",
      { cloud: "gcp", encapsulation: "None" },
      "carries no packet whose address it has no route to",
    ],
    [
      "a tunnel with policy-only",
      { install: "policy-only", encapsulation: "VXLAN" },
      "another network carries the packets",
    ],
    [
      "none for a family of podCidr",
      { podCidr: ["10.244.0.0/16", "fd00::/48"], pools: { a: { cidr: "10.244.0.0/16" } } },
      "no pool gives ipv6 addresses",
    ],
    [
      "too small for the nodes",
      { podCidr: "10.244.0.0/24", nodeCount: 5 },
      "5 nodes need a block each, and the ipv4 pools have 4",
    ],
    [
      "for services and pods",
      { pools: { a: { cidr: "10.244.0.0/16", allowedUses: ["Workload", "LoadBalancer"] } } },
      "addresses of services are of a pool of their own",
    ],
  ])("%s", (_, written, expected) => {
    expect(refusal(written)).toContain(expected);
  });

  test("for services may lie elsewhere", () => {
    const pools = {
      a: { cidr: "10.244.0.0/16" },
      lb: { cidr: "192.0.2.0/24", allowedUses: ["LoadBalancer" as const] },
    };
    // In no tunnel, as Calico asks of them; and of themselves they are no reason for BGP.
    expect(read({ pools }).pools).toMatchObject({
      a: { encapsulation: "VXLANCrossSubnet" },
      lb: { encapsulation: "None" },
    });
    expect(read({ pools }).bgp.enabled).toBe(false);
    expect(() => read({ pools, cloud: "gcp", encapsulation: "VXLAN" })).not.toThrow();
    const wrong = { ...pools.lb, encapsulation: "VXLAN" as const, nodeSelector: "has(rack)", disableBgpExport: true };
    const message = refusal({ pools: { ...pools, lb: wrong } });
    for (const part of ["go into no tunnel", "are of no node", "that it may not tell"]) expect(message).toContain(part);
  });
});
