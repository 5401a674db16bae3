import { describe, expect, test } from "vitest";
import { etcdKeySettings } from "../../../components/etcd/settings";
import { nodeStateSettings } from "../../../components/node/settings";
import { verificationSettings } from "../../../components/verification/settings";
import { failureOf, failuresOf } from "../../../provider/checking";

const told = (...asked: Parameters<typeof failuresOf>) =>
  failuresOf(...asked).map(({ property, reason }) => `${property}: ${reason}`);
const connection = { host: "192.0.2.1" };

describe("what is wrong with a resource that is used alone is told as a network's settings are", () => {
  test("a NodeState's", () => {
    const state = {
      links: [{ type: "bridge", name: "a name", forwarddelay: 1 }, { type: "brigde" }],
      routes: [{ to: "10.244.1.0/33", via: "node1" }],
      file: [],
      artifacts: [{ path: "/opt/a", sha256: "0".repeat(64), url: "https://user:canary@files.example/a b" }],
      units: [{ name: "x.service", content: 7 }],
    };
    expect(told(nodeStateSettings, { node: "node1", owner: "pods", connection, state, windowSecond: 60 })).toEqual([
      'state.links[0].name: a device name has 1 to 15 letters, digits and characters of _.@+-, value "a name"',
      'state.links[0]: unknown option "forwarddelay"; known are: name, mtu, up, type, stp, forwardDelaySeconds, mac, macFrom',
      'state.links[1].type: expected one of "bridge", "vxlan", "dummy", "veth", "device", value "brigde"',
      'state.routes[0].to: Invalid IPv4 range or Invalid IPv6 range, value "10.244.1.0/33"',
      'state.routes[0].via: Invalid IPv4 address or Invalid IPv6 address, value "node1"',
      "state.units[0].content: Invalid input: expected string, received number",
      "state.artifacts[0].url: a URL without spaces and control characters: write a space as %20",
      'state: unknown option "file"; did you mean "files"?',
      ': unknown option "windowSecond"; did you mean "windowSeconds"?',
    ]);
  });

  test("a Verification's", () => {
    const proof = {
      network: "pods",
      nodes: [{ name: "node1", connection, address: ["192.0.2.1"] }],
      cni: { configFile: "10-pods.conflist" },
      mtu: 12,
      coverage: { peer: 3 },
    };
    expect(told(verificationSettings, proof)).toEqual([
      'nodes[0]: unknown option "address"; did you mean "addresses"?',
      'cni.configFile: an absolute path, without control characters, value "10-pods.conflist"',
      "mtu: Too small: expected number to be >=576, value 12",
      "coverage.peers: Invalid input: expected number, received undefined",
      'coverage: unknown option "peer"; did you mean "peers"?',
    ]);
  });

  test("an EtcdKey's, whose secrets are not shown", () => {
    const key = { node: "node1", connection, endpoints: ["etcd"], key: "a\nb", value: 5, password: 7 };
    expect(told(etcdKeySettings, key)).toEqual([
      'endpoints[0]: an address such as "https://192.0.2.10:2379", without a path, value "etcd"',
      "password: Invalid input: expected string, received number",
      "key: a key without control characters",
      "value: Invalid input: expected string, received number",
    ]);
  });
});

test("a value that the rule says is not said again, and the fix comes last", () => {
  const problem = { path: "quota", rule: "a would have 6 routes, and takes 5", fix: "raise the quota" };
  expect(failureOf({ ...problem, value: "5" }).reason).toBe("a would have 6 routes, and takes 5; raise the quota");
  expect(failureOf({ ...problem, value: '"7"' }).reason).toBe(
    'a would have 6 routes, and takes 5, value "7"; raise the quota',
  );
});
