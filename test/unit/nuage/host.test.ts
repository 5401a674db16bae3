import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { hosts } from "../../../components/nuage/host";
import { residue } from "../../../components/nuage/residue";
import { settingsOf, type Written } from "./read";

const state = (written: Written) => hosts(settingsOf(written)).node1 as NodeStateInput;
const script = state({}).files?.find(({ path }) => path.endsWith("-clean.sh"))?.content ?? "";

test("a node's state is one that a node can have: modules, forwarding, ports, the clean-up", () => {
  const one = state({ openPorts: true, encryption: true, hostManagers: { networkd: true } });
  expect(nodeState.safeParse(one).error).toBeUndefined();
  expect(one.modules).toEqual(["openvswitch", "vxlan"]);
  expect(one.sysctls).toEqual({ "net.ipv4.ip_forward": "1" });
  expect(one.iptables?.map(({ rule }) => rule.slice(3, 6).join(" "))).toEqual([
    "udp --dport 4789",
    "tcp --dport 9443",
    "udp --dport 500",
    "udp --dport 4500",
  ]);
  expect(one.units?.map(({ name }) => name)).toEqual(["podnet-pods-clean.service"]);
});

describe("the clean-up", () => {
  test("takes away everything that Nuage is said to leave", () => {
    const { bridges = [], links, rules = [], paths } = residue(settingsOf({}));
    for (const one of [...bridges, ...links, ...rules, ...paths]) expect(script).toContain(one);
    expect(() => execFileSync("sh", ["-n"], { input: script })).not.toThrow();
  });

  test("takes its own files alone out of the folder of all plugins' logs", () => {
    const folder = mkdtempSync(join(tmpdir(), "podnet-nuage-"));
    const logs = join(folder, "cni");
    const parts = script
      .split("\n")
      .filter((line) => line.includes("/var/log/cni"))
      .join("\n")
      .replaceAll("/var/log/cni", logs);
    const left = (files: string) =>
      execFileSync(
        "sh",
        ["-c", `mkdir -p ${logs}; cd ${logs}; touch ${files}; cd /; ${parts}; ls ${logs} 2>/dev/null || true`],
        {
          encoding: "utf8",
        },
      );
    expect(left("nuage-cni.log others.log")).toBe("others.log\n");
    rmSync(join(logs, "others.log"));
    left("nuage-cni.log nuage-cni.log.1");
    expect(existsSync(logs)).toBe(false);
    rmSync(folder, { recursive: true });
  });

  test("takes its rules out of chains of others by their comments, and leaves the others", () => {
    const saved = [
      "*filter",
      ":FORWARD DROP [0:0]",
      "-A INPUT -p udp -m udp --dport 4789 -m comment --comment nuage-vxlan -j ACCEPT",
      "-A INPUT -p udp -m udp --dport 4789 -m comment --comment nuage-vxlan-of-others -j ACCEPT",
      "-A FORWARD -d 70.70.0.0/16 -m comment --comment nuage-underlay-overlay -j ACCEPT",
      "-A FORWARD -d 70.70.0.0/16 -j ACCEPT",
      "COMMIT",
      "*mangle",
      "-A FORWARD -o svc-pat-tap -p tcp -m mark ! --mark 0x2 -j MARK --set-xmark 0xd/0xd",
      "COMMIT",
    ].join("\n");
    const programs = [...script.matchAll(/awk '([^']*)'/g)]
      .map(([, program]) => program as string)
      .filter((one) => /svc-pat|nuage-/.test(one));
    const removals = programs.flatMap((program) =>
      execFileSync("awk", [program], { input: saved, encoding: "utf8" })
        .split("\n")
        .filter((line) => line.startsWith("-D")),
    );
    expect(removals).toEqual([
      "-D INPUT -p udp -m udp --dport 4789 -m comment --comment nuage-vxlan -j ACCEPT",
      "-D FORWARD -d 70.70.0.0/16 -m comment --comment nuage-underlay-overlay -j ACCEPT",
      "-D FORWARD -o svc-pat-tap -p tcp -m mark ! --mark 0x2 -j MARK --set-xmark 0xd/0xd",
    ]);
  });
});
