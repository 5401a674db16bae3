import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { backend, kindOf } from "../../../components/flannel/backends";
import { overheadOf, portsOf } from "../../../components/flannel/complete";
import { netConf } from "../../../components/flannel/configuration";
import { etcd, rack, read, refusal, type Written } from "./read";

const good: Written = { podCidr: "10.244.0.0/16", nodes: rack };
const both = ["10.244.0.0/16", "fd00:10:244::/48"];
const psk = "0123456789abcdef".repeat(6);

/** Every backend with the least that must be said of it. */
const anyBackend = fc.constantFrom(...backend.options.map(({ shape }) => shape.type.value)).map((type) => ({
  type,
  ...(type === "ipsec" && { psk }),
}));
const nic = fc.integer({ min: 1500, max: 9216 });

describe("MTU", () => {
  test("a packet of a pod, with what the backend puts before it, is what the smallest NIC carries", () => {
    fc.assert(
      fc.property(anyBackend, nic, nic, fc.boolean(), (one, left, right, six) => {
        const kind = kindOf(one as never);
        const nodes = structuredClone(rack);
        if (nodes.nodes.node1) nodes.nodes.node1.mtu = left;
        if (nodes.nodes.node2) nodes.nodes.node2.mtu = right;
        const podCidr = six && kind.families.includes("ipv6") ? both : both.slice(0, 1);
        const settings = read({ nodes, podCidr, backend: one as Written["backend"] });
        expect((settings.mtu as number) + overheadOf(settings)).toBe(Math.min(left, right));
      }),
    );
  });

  test("flannel's own reckoning from what it is told is the same", () => {
    // flanneld takes these off the MTU in its configuration, whatever the underlay's family (its backends' sources).
    const takenOff = { vxlan: 50, wireguard: 80 };
    for (const type of ["vxlan", "wireguard"] as const)
      for (const podCidr of [both, both.slice(0, 1)]) {
        const settings = read({ nodes: rack, podCidr, backend: { type } });
        expect(JSON.parse(netConf(settings)).Backend.MTU - takenOff[type]).toBe(settings.mtu);
      }
  });

  test.each([
    ["vxlan", both.slice(0, 1), 1450],
    ["vxlan", both, 1430],
    ["host-gw", both, 1500],
    ["wireguard", both, 1420],
    ["ipip", both.slice(0, 1), 1480],
    ["udp", both.slice(0, 1), 1472],
    ["alloc", both.slice(0, 1), 1500],
  ] as const)("%s over 1500 bytes, pods %s: %i", (type, podCidr, mtu) => {
    expect(read({ nodes: rack, podCidr: [...podCidr], backend: { type } }).mtu).toBe(mtu);
  });

  test("one that does not fit is refused with the node and the largest that does", () => {
    const message = refusal({ ...good, mtu: 1480 });
    expect(message).toContain(
      "packets of 1480 bytes and 50 of vxlan do not fit the NIC of node1, node2, which carries 1500",
    );
    expect(message).toContain("take 1450 or less");
    expect(refusal({ podCidr: "10.244.0.0/16", underlayMtu: 1400, mtu: 1400 })).toContain("take 1350 or less");
    expect(refusal({ ...good, underlayMtu: 9000 })).toContain("correct the mtu of these nodes in the inventory");
  });

  test("without nodes it is left to flanneld, and written nowhere", () => {
    const settings = read({ podCidr: "10.244.0.0/16" });
    expect(settings.mtu).toBeUndefined();
    expect(JSON.parse(netConf(settings)).Backend).not.toHaveProperty("MTU");
  });
});

describe("ports", () => {
  test.each<[Written["backend"], string[], string[]]>([
    [{ type: "vxlan" }, both, ["udp 8472"]],
    [{ type: "vxlan", port: 4789 }, both, ["udp 4789"]],
    [{ type: "udp" }, both.slice(0, 1), ["udp 8285"]],
    [{ type: "wireguard" }, both, ["udp 51820", "udp 51821"]],
    [{ type: "wireguard", mode: "auto" }, both, ["udp 51820"]],
    [{ type: "wireguard" }, both.slice(0, 1), ["udp 51820"]],
    [{ type: "ipip" }, both.slice(0, 1), ["ipip 4"]],
    [{ type: "ipsec", psk }, both.slice(0, 1), ["esp 50", "udp 500", "udp 4500"]],
    [{ type: "host-gw" }, both, []],
    [{ type: "extension", udpPorts: [5555] }, both.slice(0, 1), ["udp 5555"]],
  ])("%j for pods %s", (written, podCidr, expected) => {
    const ports = portsOf(read({ nodes: rack, podCidr, backend: written }));
    expect(ports.map(({ protocol, protocolNumber, port }) => `${protocol} ${port ?? protocolNumber}`)).toEqual(
      expected,
    );
  });
});

test("in etcd flanneld is told the whole range, first subnet included, where the plan gives it", () => {
  const conf = (allocation: "podnet" | "cluster") =>
    JSON.parse(netConf(read({ ...good, podCidr: both, mode: "etcd", etcd, allocation })));
  expect(conf("podnet")).toMatchObject({
    SubnetLen: 24,
    SubnetMin: "10.244.0.0",
    IPv6SubnetLen: 64,
    IPv6SubnetMin: "fd00:10:244::",
  });
  expect(conf("cluster")).toMatchObject({ SubnetMin: "10.244.1.0", IPv6SubnetMin: "fd00:10:244:1::" });
});
