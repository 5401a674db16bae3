import { describe, expect, test } from "vitest";
import { least, problems, type Written, warnings } from "./read";

test("every problem at once", () => {
  const message = problems({
    podCIDR: "x",
    podCidr: ["70.70.0.0/28", "fd00::/64"],
    serviceCidr: "70.70.0.0/16",
    monitor: { address: "198.18.0.3", nodes: ["node9"] },
    vsd: { address: "vsd" },
    release: "a b",
    strongswan: true,
    cni: { mtu: 1500 },
  } as Written);
  for (const part of [
    'unknown option "podCIDR"; did you mean "podCidr"?',
    "serviceCidr 70.70.0.0/16 overlaps podCidr 70.70.0.0/28",
    "Nuage's templates know one IPv4 range as podCidr",
    'a tag such as "20.10.6"',
    "there is no node node9",
    "the VSD knows the monitor by its user's certificate and key",
    "strongSwan encrypts, and encryption is false",
    "VXLAN puts 50 bytes around a pod's packets",
  ])
    expect(message).toContain(part);
});

const operator = {
  image: "registry.example.com/operator:1",
  registry: { url: "registry.example.com", username: "a", password: "b" },
};

describe("what Nuage cannot do is refused at preview", () => {
  test.each<[string, Written, string]>([
    [
      "no certificate of the VSD's user",
      { vsd: { address: "vsd" } },
      "the VSD knows the monitor by its user's certificate and key",
    ],
    ["half of it", { vsd: { address: "vsd", key: "k" } }, "give both"],
    ["subnets that do not fit", { podCidr: "70.70.0.0/25" }, "do not fit 70.70.0.0/25 twice"],
    ["packets that do not fit", { cni: { mtu: 1500 } }, "VXLAN puts 50 bytes around a pod's packets"],
    ["a monitor on no node", { monitor: { address: "a", nodes: ["node9"] } }, "there is no node node9"],
    ["strongSwan that encrypts nothing", { strongswan: true }, "strongSwan encrypts, and encryption is false"],
    [
      "an operator that nobody offers",
      { install: "operator", vsd: { address: "vsd" } },
      "nobody offers an image of the operator",
    ],
    [
      "a certificate for the operator",
      { install: "operator", operator },
      "the operator takes the certificate from files",
    ],
    [
      "settings that the operator is not told",
      { install: "operator", operator, images: { vrs: "mirror/vrs:1" } },
      "images.vrs is decided by the operator",
    ],
    [
      "its monitor's files",
      { install: "operator", operator, monitor: { address: "a", clientCa: "/etc/ca.crt" } },
      "monitor.clientCa is decided by the operator",
    ],
    ["an operator beside DaemonSets", { operator }, 'operator is set, and install is "daemonsets"'],
    ["three controllers", { vrs: { controllers: ["1.1.1.1", "1.1.1.2", "1.1.1.3"] } }, "vrs.controllers"],
    ["IPv6 services", { serviceCidr: "fd00::/108" }, "one IPv4 range as serviceCidr"],
  ])("%s", (_, written, message) => {
    expect(problems(written)).toContain(message);
  });
});

test("what it is, and what its pods may do, is said once", () => {
  const said = warnings({});
  expect(said.filter((one) => one.startsWith("Nuage is proprietary"))).toHaveLength(1);
  expect(said).toContainEqual(expect.stringContaining("cluster-admin"));
  expect(said).toContainEqual(expect.stringContaining("nuage.io/priority"));
  expect(said.join()).not.toContain("install-monitor=true");
  expect(warnings({ monitor: { address: "a" } })).toContainEqual(expect.stringContaining("install-monitor=true"));
  expect(warnings({ vrs: { controllers: ["198.18.0.7"] } })).toContainEqual(expect.stringContaining("has one VSC"));
});

test("a key that is refused is not shown", () => {
  expect(problems({ vsd: { ...least.vsd, key: 77_123 as never } })).not.toContain("77123");
});
