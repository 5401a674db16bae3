import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type DoctorFacts, parseFacts } from "../../../../commands/doctor/facts";
import { factsScript } from "../../../../commands/doctor/facts-script";
import type { ExpectedNode, Finding } from "../../../../commands/doctor/finding";
import { findings } from "../../../../commands/doctor/findings";

const read = (name: string) => readFileSync(join(__dirname, "data", name), "utf8");
const facts = (name: string, change: (text: string) => string = (text) => text) =>
  parseFacts(change(read(name))) as DoctorFacts;
const node: ExpectedNode = { name: "node1", nic: "eth0", addresses: ["192.0.2.11"], mtu: 1500, become: false };
const now = 1700000000;
const texts = (found: Finding[]) => found.map(({ severity, finding }) => `${severity}: ${finding}`);

test("the script is whole, whatever the plugins' folder is called, and runs to its end", () => {
  const script = factsScript("/opt/it's $(here)");
  expect(spawnSync("/bin/sh", ["-n", "-s"], { input: script, encoding: "utf8" })).toMatchObject({
    status: 0,
    stderr: "",
  });
});

test("output that was cut off is no facts", () => {
  expect(parseFacts(read("healthy.txt").replace("@@ end", ""))).toBeUndefined();
  expect(parseFacts("sudo: a password is required")).toBeUndefined();
});

test("nothing is found on a healthy node", () => {
  expect(findings(facts("healthy.txt"), node, now)).toEqual([]);
});

test("everything that is in the way is found at once, each with a way out", () => {
  const found = findings(facts("troubled.txt"), node, now);
  expect(texts(found)).toEqual([
    "blocking: scripts run with user id 1000, not as root",
    "blocking: nft is missing",
    "warning: ping is missing",
    "note: neither curl nor wget is there",
    "note: cannot tell whether kernel 6.1.0-28-amd64 has bridge",
    "warning: kernel 6.1.0-28-amd64 has no vxlan: no vxlan overlay can be made",
    "blocking: 20 MiB free on /",
    "warning: clock is 90 s ahead of this machine's",
    "note: net.ipv4.ip_forward off",
    "note: strict reverse path filtering (rp_filter 1) on eth0, eth1",
    "warning: the IPv6 default route of eth0 comes from router advertisements, and is lost when IPv6 forwarding is on (accept_ra 1)",
    "blocking: a change of pods is pending, the node undoes it in 48 s (22:15:38 UTC by its clock)",
    "warning: the CNI bridge plugin v0.8.7 speaks no CNI 1.0.0",
    "warning: several CNI configurations: 05-cilium.conflist, 10-pods.conflist",
    "warning: NetworkManager runs and may take the pod bridge and veths, flush their addresses, or bring the NIC out of the bridge",
    "warning: systemd-networkd removes routes that others made when it restarts",
    "warning: /etc/systemd/network/80-dhcp.network matches devices by a wildcard and may configure the pod bridge and veths",
    "warning: firewalld runs and drops forwarded pod traffic whatever other tables accept",
    "note: ufw is on and drops forwarded packets",
    "note: Docker's FORWARD policy is DROP (iptables)",
    'warning: the nftables chain "inet firewalld filter_FORWARD" rejects forwarded packets that it does not accept',
    'blocking: the nftables chain "inet site passing" drops what it does not accept: a network is refused on this node',
    'warning: iptables INPUT, inet firewalld filter_INPUT ends what no rule accepts, and none accepts UDP 4789: crossSegment "vxlan" is cut',
  ]);
  expect(found.filter(({ wayOut }) => wayOut === "")).toEqual([]);
});

describe("the NIC that the inventory names", () => {
  const nic = (expected: Partial<ExpectedNode>, change?: (text: string) => string) =>
    findings(facts("healthy.txt", change), { ...node, ...expected }, now);

  test("is not there: the devices that are there are named", () => {
    const [found] = nic({ nic: "enp3s0" });
    expect(found).toMatchObject({ severity: "blocking", finding: "the NIC enp3s0 is not there" });
    expect(found?.wayOut).toContain("eth0, cni0");
  });
  test("does not have the node's address", () => {
    expect(texts(nic({ addresses: ["192.0.2.99"] }))).toEqual(["blocking: no device has the address 192.0.2.99"]);
    expect(texts(nic({ addresses: ["10.244.1.1"] }))).toEqual(["warning: 10.244.1.1 is on cni0, not on eth0"]);
  });
  test("handed its address to the bridge it is a port of", () => {
    const ported = (text: string) => text.replace('"ifname":"eth0",', '"ifname":"eth0","master":"cni0",');
    expect(nic({ addresses: ["10.244.1.1"] }, ported)).toEqual([]);
  });
  test("carries less than the inventory says", () => {
    expect(texts(nic({ mtu: 9000 }))).toEqual(["blocking: eth0 carries 1500 bytes, the inventory says 9000"]);
    expect(nic({ nic: undefined, mtu: 9000 })[0]?.wayOut).toContain("mtu: 1500");
  });
});

describe("what stands in for what", () => {
  const change = (from: string | RegExp, to: string) =>
    texts(
      findings(
        facts("healthy.txt", (text) => text.replace(from, to)),
        node,
        now,
      ),
    );

  test("BusyBox's ip is not enough", () => {
    expect(change(/^\[.*\]$/m, "")).toEqual(["blocking: ip cannot print JSON"]);
  });
  test("devices that another pod network left, unless podnet has a network here", () => {
    const left = (text: string) => text.replace('"ifname":"cni0"', '"ifname":"flannel.1"');
    const seen = (change: (text: string) => string) => texts(findings(facts("healthy.txt", change), node, now));
    expect(seen(left)).toEqual(["warning: devices of another pod network are there: flannel.1"]);
    expect(seen((text) => left(text).replace("@@ end", "@@ owners\npods\n@@ end"))).toEqual([]);
  });
  test("networkd that leaves foreign routes alone is no finding", () => {
    const networkd = (setting: string) =>
      change(
        "@@ services\nsystemd\n@@ networkd\n",
        `@@ services\nsystemd\nsystemd-networkd.service\n@@ networkd\n${setting}`,
      );
    expect(networkd("")).toHaveLength(1);
    expect(networkd("ManageForeignRoutes=no\n")).toEqual([]);
  });
  test("a change that a restart interrupted", () => {
    const pending = "@@ pending\nowner pods\ndeadline 5060\nuptime 20\nrebooted\n";
    expect(change("@@ pending\n", pending)).toEqual([
      "blocking: a change of pods was pending when the node restarted, and is not undone",
    ]);
  });
  test("a change that is confirmed and not completed", () => {
    const pending = "@@ pending\nowner pods\ndeadline 60\nuptime 72\nconfirmed\n";
    expect(change("@@ pending\n", pending)).toEqual([
      "blocking: a change of pods is confirmed, and is not written down yet",
    ]);
  });
  test("a change that outlived its deadline", () => {
    expect(change("@@ pending\n", "@@ pending\nowner pods\ndeadline 60\nuptime 72\n")).toEqual([
      "blocking: a change of pods is pending 12 s after its deadline",
    ]);
  });
});
