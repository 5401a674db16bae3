import { execFileSync, spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { kindNames } from "../../../components/node/item";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { hosts } from "../../../components/ovn-kubernetes/host";
import { annotations, externalIds, residue } from "../../../components/ovn-kubernetes/residue";
import { casesIn, golden } from "../golden";
import { rack, read, type Written } from "./read";

const render = (written: Written): Record<string, NodeStateInput> => hosts(read(written));
const fileOf = (written: Written, part: string) =>
  render({ nodes: rack(1), ...written }).node1?.files?.find(({ path }) => path.includes(part))?.content ?? "";
const inPods: Written = {
  openvswitch: "pod",
  allowIrreversible: true,
  gateway: { bridge: "by-ovnkube", interface: "eth0" },
};

test.each(casesIn<Written>(join(__dirname, "hosts")))("$name: settings in, the first node's state out", (one) => {
  const state = render(one.settings).node1 as NodeStateInput;
  expect(nodeState.safeParse(state).error).toBeUndefined();
  const { got, expected } = golden(one, [state]);
  expect(got).toBe(expected);
});

test("a node's state does not grow with the cluster", () => {
  const first = (count: number) => JSON.stringify(render({ podCidr: "10.128.0.0/14", nodes: rack(count) }).node1);
  expect(first(400)).toBe(first(4));
});

test("the NIC moves into podnet's bridge with the node's addresses, before the node is looked at", () => {
  const nodes = rack(2, "eth0");
  const state = render({ nodes, gateway: { bridge: "made", interface: "br-out" } }).node2;
  expect(state?.uplinks).toEqual([{ device: "eth0", bridge: "br-out", addresses: ["198.18.0.12"] }]);
  expect(state?.openvswitch).toContainEqual({ table: "port", name: "eth0", bridge: "br-out" });
  expect(kindNames.indexOf("openvswitch")).toBeLessThan(kindNames.indexOf("unit"));
  expect(render({ nodes }).node2?.openvswitch ?? []).toEqual([]);
});

/** A node as the scripts see it: folders in the place of the system's, and programs that note what they are asked. */
let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "podnet-ovn-"));
  for (const folder of ["bin", "etc/cni/net.d", "proc/1"]) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, "proc/1/comm"), "systemd\n");
});
afterEach(() => rmSync(root, { recursive: true }));

function program(name: string, body: string): void {
  writeFileSync(join(root, "bin", name), `#!/bin/sh\necho "${name} $*" >> ${root}/asked\n${body}\n`, { mode: 0o755 });
}
function process(id: number, name: string): void {
  mkdirSync(join(root, `proc/${id}`));
  writeFileSync(join(root, `proc/${id}/comm`), `${name}\n`);
}
function run(script: string) {
  const here = script
    .replace(/export PATH=.*/, `export PATH="${root}/bin:/usr/bin:/bin"`)
    .replaceAll(/(?<![\w.-])\/(etc\/|proc\/|run\/|var\/|opt\/)/g, `${root}/$1`);
  return spawnSync("sh", [], { input: here, encoding: "utf8" });
}
const asked = () => readFileSync(join(root, "asked"), "utf8").trim().split("\n");

describe("the look at a node before OVN comes to it", () => {
  const look = (written: Written = {}) => {
    const { status, stderr } = run(fileOf(written, "-check.sh"));
    return status === 0 ? "fit" : stderr.trim();
  };
  const openvswitch = (bridge = true, address = true) => {
    process(7, "ovs-vswitchd");
    program("ovs-vsctl", bridge ? "exit 0" : "exit 2");
    program("ip", address ? "echo '5: br-ex    inet 198.18.0.11/20 scope global br-ex'" : "true");
  };

  test("passes where the bridge is there with the node's address, and nobody else is", () => {
    openvswitch();
    writeFileSync(join(root, "etc/cni/net.d/99-loopback.conf"), "{}");
    expect(look()).toBe("fit");
  });

  test("names kube-proxy and every other pod network at once", () => {
    openvswitch();
    process(8, "kube-proxy");
    writeFileSync(join(root, "etc/cni/net.d/10-flannel.conflist"), "{}");
    writeFileSync(join(root, "etc/cni/net.d/87-podman.conf"), "{}");
    const said = look();
    expect(said).toContain("kube-proxy runs on this node");
    expect(said).toContain("10-flannel.conflist configures another pod network");
    expect(said).toContain("87-podman.conf configures another pod network");
  });

  test.each([
    ["there is no bridge br-ex", false, false],
    ["br-ex has no address", true, false],
  ])("fails where %s", (expected, bridge, address) => {
    openvswitch(bridge, address);
    expect(look()).toContain(expected);
  });

  test("fails where Open vSwitch does not run, and in pods where it does", () => {
    expect(look()).toContain("Open vSwitch does not run on this node");
    expect(look(inPods)).toBe("fit");
    openvswitch();
    expect(look(inPods)).toContain("a second one cannot run");
  });

  test("asks nothing of a node that OVN is on: a reboot would find its own programs", () => {
    writeFileSync(join(root, "etc/cni/net.d/10-ovn-kubernetes.conf"), "{}");
    process(8, "kube-proxy");
    expect(look()).toBe("fit");
  });
});

describe("the clean-up", () => {
  /** Everything of the list is put there first, and things of others beside it. */
  function furnish(written: Written): string[] {
    const { paths } = residue(read(written));
    for (const path of paths) mkdirSync(join(root, path.replace(/^\/run\//, "/run/"), "x"), { recursive: true });
    mkdirSync(join(root, "etc/openvswitch/x"), { recursive: true });
    mkdirSync(join(root, "etc/kubernetes"), { recursive: true });
    writeFileSync(join(root, "etc/kubernetes/kubelet.conf"), "");
    writeFileSync(join(root, "etc/openvswitch/conf.db"), "the node's own");
    program("systemctl", "echo disabled");
    program("ip", "echo 'ovn-k8s-mp0 UP'; echo 'genev_sys_6081 UP'; echo 'eth0 UP'; echo 'br-ex UP'");
    program(
      "ovs-vsctl",
      `case "$*" in
*list-ports*) echo patch-br-ex_node1-to-br-int; echo eth0 ;;
*system-id*) echo '"node1.lan"' ;;
esac`,
    );
    program("ovs-ofctl", "cat >> $0.flows");
    program("ovs-dpctl", "true");
    program("nft", "exit 1");
    program("kubectl", 'case "$*" in *whoami*) echo system:node:node1 ;; esac');
    return [...paths];
  }

  test.each<[string, Written]>([
    ["the node's own Open vSwitch", {}],
    ["one that pods ran", inPods],
  ])("takes away every path of the list with %s, and nothing beside it", (_, written) => {
    const paths = furnish(written);
    expect(run(fileOf(written, "-clean.sh")).status).toBe(0);
    const left = paths.filter((path) => spawnSync("test", ["-e", join(root, path)]).status === 0);
    expect(left).toEqual([]);
    expect(readFileSync(join(root, "etc/openvswitch/conf.db"), "utf8")).toBe("the node's own");
  });

  test("leaves the node's NIC in its bridge, which forwards as any switch without OVN's flows and ports", () => {
    furnish({});
    run(fileOf({}, "-clean.sh"));
    const all = asked();
    expect(all).toContain("ovs-vsctl --timeout=5 --if-exists del-port br-ex patch-br-ex_node1-to-br-int");
    expect(all).toContain("ovs-vsctl --timeout=5 --if-exists del-br br-int");
    expect(all.filter((line) => /del-(br|port).* (br-ex|eth0)$/.test(line))).toEqual([]);
    expect(readFileSync(join(root, "bin/ovs-ofctl.flows"), "utf8")).toBe(
      "flow delete\nflow add priority=0,actions=NORMAL\n",
    );
    for (const key of externalIds)
      expect(all).toContain(`ovs-vsctl --timeout=5 --no-wait remove Open_vSwitch . external_ids ${key}`);
    expect(all).toContain(
      "ovs-vsctl --timeout=5 --no-wait remove Open_vSwitch . other_config ovn-chassis-idx-node1.lan",
    );
    expect(all.filter((line) => line.startsWith("ip link delete"))).toEqual([
      "ip link delete ovn-k8s-mp0",
      "ip link delete genev_sys_6081",
    ]);
  });

  test("takes the node's way to services off the bridge, of both families, and no other address", () => {
    const node1 = { connection: { host: "198.18.0.11" }, addresses: ["198.18.0.11", "2001:db8::11"] };
    const written: Written = {
      podCidr: ["10.244.0.0/16", "fd00::/48"],
      serviceCidr: ["10.96.0.0/16", "fd01::/112"],
      nodes: { nodes: { node1 } },
    };
    furnish(written);
    expect(run(fileOf(written, "-clean.sh")).status).toBe(0);
    expect(asked().filter((line) => /^ip .* flush /.test(line))).toEqual([
      "ip -4 route flush root 10.96.0.0/16 dev br-ex",
      "ip -6 route flush root fd01::/112 dev br-ex",
      "ip -4 route flush root 169.254.0.0/17 dev br-ex",
      "ip -6 route flush root fd69::/112 dev br-ex",
      "ip -4 neighbour flush to 169.254.0.0/17 dev br-ex nud permanent",
      "ip -4 address flush dev br-ex to 169.254.0.0/17",
      "ip -6 neighbour flush to fd69::/112 dev br-ex nud permanent",
      "ip -6 address flush dev br-ex to fd69::/112",
    ]);
  });

  test("takes OVN's annotations and its zone off the node", () => {
    furnish({});
    run(fileOf({}, "-clean.sh"));
    const line = asked().find((one) => one.includes("annotate node node1")) as string;
    for (const name of annotations) expect(line).toContain(` ${name}-`);
    expect(asked().find((one) => one.includes("label node node1"))).toMatch(/ k8s\.ovn\.org\/zone-name-$/);
  });

  test("does nothing while the unit is enabled, and nothing under a running ovnkube", () => {
    const paths = furnish({});
    program("systemctl", "echo enabled");
    run(fileOf({}, "-clean.sh"));
    program("systemctl", "echo disabled");
    program("sleep", "true");
    process(9, "ovnkube");
    expect(run(fileOf({}, "-clean.sh")).stderr).toContain("nothing is taken away");
    for (const path of paths) expect(() => execFileSync("test", ["-e", join(root, path)])).not.toThrow();
  });
});
