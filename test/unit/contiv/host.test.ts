import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hosts } from "../../../components/contiv/host";
import { residue } from "../../../components/contiv/residue";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { casesIn, golden } from "../golden";
import { settingsOf, type Written } from "./read";

const state = (written: Written, node = "node1") => hosts(settingsOf(written))[node] as NodeStateInput;
const unitOf = (of: NodeStateInput, part: string) => of.units?.find(({ name }) => name.includes(part))?.content ?? "";
const script = (written: Written) =>
  state(written).files?.find(({ path }) => path.endsWith("-clean.sh"))?.content ?? "";

test.each(casesIn<Written>(join(__dirname, "hosts")))("$name: settings in, the first node's state out", (one) => {
  const first = state(one.settings);
  expect(nodeState.safeParse(first).error).toBeUndefined();
  const { got, expected } = golden(one, [first]);
  expect(got).toBe(expected);
});

describe("a node", () => {
  test("looks itself whether it lives by a NIC that Open vSwitch would take", () => {
    expect(state({ encapsulation: "vlan", vlanUplinks: ["eth1"] }).links).toEqual([
      { type: "device", name: "eth1", spare: true },
    ]);
    expect(state({}).links).toEqual([]);
  });

  test("has the modules, and with VPP the pages", () => {
    expect(state({ modules: ["vxlan"] }).modules).toEqual(["openvswitch", "vxlan"]);
    const vpp = state({ mode: "vpp", vpp: { hugepages: 1024, pciDriver: "vfio-pci" } });
    expect(vpp.modules).toEqual(["vfio-pci"]);
    expect(vpp.sysctls).toMatchObject({ "vm.nr_hugepages": "1024" });
  });
});

describe("on hosts without Kubernetes", () => {
  const swarm: Written = {
    mode: "swarm",
    store: { type: "etcd", endpoint: "http://198.18.0.5:2379" },
    hosts: { netmasters: ["node1"] },
  };

  test("netmaster runs where it is said, netplugin everywhere, each with its node's own address", () => {
    expect(unitOf(state(swarm), "netmaster")).toContain("--name=node1 --infra=default");
    expect(unitOf(state(swarm, "node2"), "netmaster")).toBe("");
    expect(unitOf(state(swarm, "node2"), "netplugin")).toContain("--host=node2 --vtep-ip=198.18.0.12");
  });

  test("netmaster is asked at its node's IPv4 address, also where an IPv6 one stands first", () => {
    const node1 = { connection: { host: "198.18.0.11" }, addresses: ["2001:db8::11", "198.18.0.11"] };
    expect(settingsOf({ ...swarm, nodes: { nodes: { node1 } } }).netmaster.url).toBe("http://198.18.0.11:9999");
  });

  test("the mode is upstream's word for it, and Mesos is served in Docker's", () => {
    expect(unitOf(state(swarm), "netplugin")).toContain("--mode=swarm-mode --netmode=vxlan --fwdmode=routing");
    for (const mode of ["docker", "mesos"] as const)
      expect(unitOf(state({ ...swarm, mode }), "netplugin")).toContain("--mode=docker ");
    const [network] = (state({ ...swarm, mode: "mesos" }).files ?? []).filter(({ path }) => path.includes("mesos"));
    expect(network?.path).toBe("/etc/mesos/cni/net.d/pods.conf");
    expect(JSON.parse(network?.content ?? "")).toEqual({ cniVersion: "0.2.0", name: "pods", type: "netcontiv" });
  });

  test("podnet's own units are stopped before the clean-up waits for their programs", () => {
    const text = script(swarm);
    const stop = text.indexOf("systemctl stop podnet-pods-netmaster.service podnet-pods-netplugin.service");
    expect(stop).toBeGreaterThan(0);
    expect(text.indexOf("netplugin|netmaster")).toBeGreaterThan(stop);
    expect(script({})).not.toContain("systemctl stop");
  });
});

describe("the clean-up", () => {
  test.each<[string, Written]>([
    ["netplugin", {}],
    ["Contiv-VPP", { mode: "vpp" }],
  ])("of %s takes away everything that it is said to leave", (_, written) => {
    const text = script(written);
    const { bridges = [], links, chains, paths, hosts: names = [] } = residue(settingsOf(written));
    for (const one of [...bridges, ...links, ...paths, ...names, ...(chains ? [chains] : [])])
      expect(text).toContain(one);
    expect(() => execFileSync("sh", ["-n"], { input: text })).not.toThrow();
  });

  test("takes netmaster's line alone out of /etc/hosts", () => {
    const part = /if grep -qE[\s\S]*?\nfi/.exec(script({}))?.[0] as string;
    const folder = mkdtempSync(join(tmpdir(), "podnet-contiv-"));
    const file = join(folder, "hosts");
    const before =
      "127.0.0.1 localhost\n10.0.0.1\tnetmaster\n10.0.0.2 netmaster-of-others\n10.0.0.3 my-netmaster\n10.0.0.4 netmaster db\n#10.0.0.5 netmaster\n";
    const command = `cat > ${file}; ${part.replaceAll("/etc/hosts", file)}; cat ${file}`;
    const after = execFileSync("sh", ["-c", command], { input: before, encoding: "utf8" });
    expect(after).toBe(before.replace("10.0.0.1\tnetmaster\n", ""));
    rmSync(folder, { recursive: true });
  });

  test("takes away netctl where it is Contiv's, and a switch's database where no switch runs", () => {
    const folder = mkdtempSync(join(tmpdir(), "podnet-contiv-"));
    const [netctl, database, comm] = ["netctl", "conf.db", "1"].map((name) => join(folder, name)) as [
      string,
      string,
      string,
    ];
    const parts = script({})
      .split("\n")
      .filter((line) => /usr.bin.netctl|ovsdb-server/.test(line))
      .join("\n")
      .replaceAll("/usr/bin/netctl", netctl)
      .replaceAll("/etc/openvswitch/conf.db", database)
      .replaceAll("/proc/[0-9]*/comm", comm);
    const left = (program: string, runs: string) => {
      for (const [file, text] of [
        [netctl, program],
        [database, ""],
        [comm, `${runs}\n`],
      ] as const)
        writeFileSync(file, text);
      execFileSync("sh", ["-c", `${parts}\ntrue`]);
      return [netctl, database].map(existsSync);
    };
    expect(left("\0github.com/contiv/netplugin\0", "systemd")).toEqual([false, false]);
    expect(left("#!/usr/bin/env bash\n# netctl of Arch\n", "ovsdb-server")).toEqual([true, true]);
    rmSync(folder, { recursive: true });
    const swarm: Written = {
      mode: "swarm",
      store: { type: "etcd", endpoint: "http://198.18.0.5:2379" },
      hosts: { netmasters: ["node1"] },
    };
    expect(script(swarm)).not.toMatch(/usr.bin.netctl|conf\.db/);
  });

  test("deletes links of Contiv's names and no others", () => {
    const loop = /for link in [\s\S]*?\ndone/.exec(script({}))?.[0] as string;
    const named = [
      "eth0",
      "contivh1",
      "vvport3@vport3",
      "vport3@vvport3",
      "vxif192168",
      "contiv",
      "myvport1",
      "contivVlanBridge",
    ];
    const fakes = `ip() { if [ "$1" = -brief ]; then printf '%s UP\\n' ${named.join(" ")}; else echo "$3"; fi; }`;
    const deleted = execFileSync("sh", ["-c", `${fakes}\n${loop}`], { encoding: "utf8" })
      .trim()
      .split("\n");
    expect(deleted).toEqual(["contivh1", "vvport3", "vport3", "vxif192168", "contivVlanBridge"]);
  });
});
