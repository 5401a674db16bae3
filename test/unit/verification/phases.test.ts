import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { attachScript, parseAttach } from "../../../components/verification/phases/attach";
import { detachScript, parseComplaints, parseDetach } from "../../../components/verification/phases/detach";
import { lookScript, parseLook } from "../../../components/verification/phases/look";
import { parseProbe, probeScript, type Question } from "../../../components/verification/phases/probe";
import { verificationSettings } from "../../../components/verification/settings";

const settings = verificationSettings.parse({
  network: "pods",
  nodes: [{ name: "node1", connection: { host: "192.0.2.1" } }],
  cni: { configFile: "/etc/cni/net.d/it's; rm -rf $HOME.conflist", binaryDirectory: "/opt/cni's/bin" },
  mtu: 1500,
});
const hostile = [{ type: "bridge", config: { name: "a'b`c$(d)\"e\nPODNET_END_OF_FILE\n", type: "bridge" } }];
const calico = (ipam: object) => [
  {
    type: "calico",
    config: {
      name: "pods",
      type: "calico",
      datastore_type: "kubernetes",
      mtu: 1450,
      ipam,
      kubernetes: { kubeconfig: "/it's" },
    },
  },
];
const questions: Question[] = [
  { from: "node", family: "ipv4", address: "10.244.1.2" },
  { from: "pod", family: "ipv4", address: "10.244.2.2", mtu: 1500 },
  { from: "pod", family: "ipv6", address: "fd00::2", mtu: 1500 },
];

const ok = (stdout: string) => ({ code: 0, stdout, stderr: "" });

test.each([
  ["look", lookScript(settings)],
  ["attach", attachScript(settings, hostile, "0a1b2c3d", 120)],
  ["attach where Calico's plugin would refuse", attachScript(settings, calico({ type: "it's" }), "0a1b2c3d", 120)],
  ["probe", probeScript(questions, "0a1b2c3d", 50)],
  ["detach", detachScript("0a1b2c3d")],
])("%s is one whole shell script, whatever the names in it", (_, script) => {
  const { status, stderr } = spawnSync("/bin/sh", ["-n", "-s"], { input: script, encoding: "utf8" });
  expect(stderr).toBe("");
  expect(status).toBe(0);
});

const said = (script: string) => spawnSync("/bin/sh", ["-s"], { input: script, encoding: "utf8" });

test("the CNI configuration is waited for while the network settles, and no longer", () => {
  const file = join(mkdtempSync(join(tmpdir(), "podnet-look-")), "10-pods.conflist");
  const waiting = verificationSettings.parse({ ...settings, cni: { configFile: file }, settleSeconds: 20 });
  const written = said(
    `(sleep 1; echo '{"name":"pods"}' > ${file}.new; mv ${file}.new ${file}) &\n${lookScript(waiting)}`,
  );
  expect(written.stdout.split("config:\n")[1]).toBe('{"name":"pods"}\n');
  rmSync(file);
  const never = said(lookScript({ ...waiting, settleSeconds: 0 }));
  expect(never.status).not.toBe(0);
  expect(never.stderr).toContain("No such file");
});

test("a token is never anything but a token", () => {
  expect(() => detachScript("x; reboot")).toThrow("not a probe token");
});

test("configurations of more than 32 peers are probed in batches", () => {
  const many = Array.from({ length: 70 }, (): Question => ({ from: "pod", family: "ipv4", address: "10.244.2.2" }));
  const inPod = probeScript(many, "0a1b2c3d", 0).split("<<'END'")[1] as string;
  expect(inPod.split("\nEND")[0]?.match(/^wait$/gm)).toHaveLength(3);
});

describe("look", () => {
  test("hands over the configuration as it is", () => {
    expect(parseLook(ok('config:\n{"name":"pods"}\n'), settings)).toBe('{"name":"pods"}\n');
  });
  test("names what the node lacks and the packages to install", () => {
    expect(() => parseLook(ok("missing: nft\nmissing: ping\nconfig:\n{}"), settings)).toThrow(
      "nft, ping not found on the node; install nftables iputils-ping",
    );
  });
  test("names the file that is not there", () => {
    const result = { code: 1, stdout: "config:\n", stderr: "cat: x.conflist: No such file or directory\n" };
    expect(() => parseLook(result, settings)).toThrow(/cannot read the CNI configuration .*No such file/);
  });
});

describe("attach", () => {
  test("the pod's addresses", () => {
    expect(parseAttach(ok('{"ips":[{"address":"10.244.1.2/24"}]}'), ["ipv4"])).toEqual({ ipv4: "10.244.1.2" });
  });
  test("a family that the pod was not given", () => {
    expect(() => parseAttach(ok('{"ips":[{"address":"10.244.1.2/24"}]}'), ["ipv4", "ipv6"])).toThrow("no IPv6 address");
  });
  test("a plugin's error in its own words", () => {
    const stdout = 'failed: CNI plugin bridge: {\n  "code": 11,\n  "msg": "range is full"\n}\n';
    expect(() => parseAttach({ code: 1, stdout, stderr: "" }, ["ipv4"])).toThrow("CNI plugin bridge: range is full");
  });
});

describe("probe", () => {
  const answers = [
    "0|0|-||0.080/0.260/0.440/0.180 ms",
    "2|0|1|=1450|0.040/0.040/0.041/0.000 ms",
    "1|2|-||ping: connect: Network is unreachable",
  ].join("\n");
  test("answers come back in the questions' order", () => {
    expect(parseProbe(ok(answers), questions)).toEqual([
      { reachable: true, milliseconds: 0.08 },
      { reachable: false, message: "connect: Network is unreachable" },
      { reachable: true, milliseconds: 0.04, fullSize: false, pathMtu: 1450 },
    ]);
  });
  test("silence has no message of its own", () => {
    expect(parseProbe(ok("0|1|-||PING 10.244.1.2 (10.244.1.2) 56(84) bytes of data."), questions.slice(0, 1))).toEqual([
      { reachable: false },
    ]);
  });
  test("a script that was cut off is an error, not a failed probe", () => {
    expect(() => parseProbe({ code: 1, stdout: "", stderr: "the probe pod is gone\n" }, questions)).toThrow(
      "probing ended early: the probe pod is gone",
    );
  });
});

describe("detach", () => {
  test("who was seen, of both families", () => {
    const listing = `table inet podnet_probe {
      set v4 {
        type ipv4_addr
        elements = { 10.244.1.1, 10.244.2.2,
                     10.244.3.2 }
      }
      set v6 { type ipv6_addr; elements = { fd00::1 } }
    }`;
    expect(parseDetach(listing)).toEqual(["10.244.1.1", "10.244.2.2", "10.244.3.2", "fd00::1"]);
    expect(parseDetach("table inet podnet_probe {\n set v4 { type ipv4_addr }\n}")).toEqual([]);
  });
  test("complaints in one line, none when all went well", () => {
    expect(parseComplaints({ code: 0, stderr: "" })).toBe("");
    expect(parseComplaints({ code: 0, stderr: "no such veth\n (CNI plugin bridge, DEL)\n" })).toBe(
      "no such veth (CNI plugin bridge, DEL)",
    );
  });
});
