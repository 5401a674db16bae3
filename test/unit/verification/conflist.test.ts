import { describe, expect, test } from "vitest";
import { parseConflist, parseFailure, parseResult } from "../../../components/verification/conflist";

const file = "/etc/cni/net.d/10-pods.conflist";

describe("the CNI configuration of a node", () => {
  test("each plugin gets the list's name and version; port maps are left out", () => {
    const list = {
      cniVersion: "1.0.0",
      name: "pods",
      plugins: [
        { type: "bridge", bridge: "cni0", ipam: { type: "host-local" } },
        { type: "tuning", sysctl: { "net.core.somaxconn": "500" } },
        { type: "portmap", capabilities: { portMappings: true } },
      ],
    };
    expect(parseConflist(JSON.stringify(list), file)).toEqual([
      {
        type: "bridge",
        config: { cniVersion: "1.0.0", name: "pods", type: "bridge", bridge: "cni0", ipam: { type: "host-local" } },
      },
      {
        type: "tuning",
        config: { cniVersion: "1.0.0", name: "pods", type: "tuning", sysctl: { "net.core.somaxconn": "500" } },
      },
    ]);
  });

  test("a single configuration is a list of one", () => {
    const text = JSON.stringify({ cniVersion: "0.3.1", name: "pods", type: "flannel" });
    expect(parseConflist(text, file).map((plugin) => plugin.type)).toEqual(["flannel"]);
  });

  test.each([
    ["{ broken", /10-pods\.conflist is not JSON/],
    ["null", /is not a CNI configuration/],
    ['{"cniVersion":"1.0.0","name":"pods","plugins":[]}', /is not a CNI configuration/],
    ['{"cniVersion":"1.0.0","name":"pods","plugins":[{"type":"../../bin/sh"}]}', /name of a plugin, without a path/],
  ])("%s is refused by name", (text, message) => {
    expect(() => parseConflist(text, file)).toThrow(message);
  });
});

describe("what a plugin answers", () => {
  test("addresses by family, the first of each", () => {
    const ips = [{ address: "10.244.1.2/24", interface: 2 }, { address: "fd00::2/64" }, { address: "10.9.9.9/24" }];
    expect(parseResult(JSON.stringify({ cniVersion: "1.0.0", ips, interfaces: [] }))).toEqual({
      ipv4: "10.244.1.2",
      ipv6: "fd00::2",
    });
    expect(parseResult('{"cniVersion":"1.0.0"}')).toEqual({});
  });

  test.each([
    "198.18.0.1; touch /tmp/owned",
    "$(touch /tmp/owned)",
    "-f",
    "198.18.0.1/24 -I eth0",
    "fe80::1%$(reboot)",
  ])("%s is no address, and goes to no other node", (address) => {
    expect(() => parseResult(JSON.stringify({ ips: [{ address }] }))).toThrow("is no CNI result");
  });

  test("that is no JSON is said in words, without what a terminal acts on", () => {
    expect(() => parseResult("\u001b[2Jfine")).toThrow("the CNI plugins' answer is no CNI result: fine");
    expect(() => parseResult("")).toThrow("is no CNI result: nothing");
  });

  test("an error in one line", () => {
    expect(parseFailure('{\n "code": 11,\n "msg": "no addresses",\n "details": "range is full"\n}')).toBe(
      "no addresses: range is full",
    );
    expect(parseFailure("sh: 1: /opt/cni/bin/bridge:\n not found\n")).toBe("sh: 1: /opt/cni/bin/bridge:; not found");
  });
});
