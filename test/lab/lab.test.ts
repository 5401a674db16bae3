import { execFile } from "node:child_process";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { down, type Lab, type NodeRequest, open, up } from "../../lab";
import { endLab, freshLab } from "./fresh-lab";
import { must } from "./handmade";
import { traces } from "./traces";

const name = "own";
const nodes: NodeRequest[] = [
  { name: "node1" },
  { name: "node2", segment: "b" },
  { name: "light1", kind: "light" },
  { name: "light2", kind: "light", segment: "b", secondNic: true },
];
const run = promisify(execFile);

/** A command over SSH, as a user would. */
const ssh = async (lab: Lab, node: string, command: string, connectTimeout = 90) => {
  const patience = ["-o", `ConnectTimeout=${connectTimeout}`, "-o", "ServerAliveInterval=20"];
  const options = ["-F", join(lab.folder, "ssh_config"), ...patience];
  return (await run("ssh", [...options, node, command])).stdout.trim();
};

const subnets = (lab: Lab) =>
  Object.values(lab.routers).flatMap(({ ipv4, ipv6 }) => [ipv4, ipv6.replace(/::1$/, "::")]);

/** A process that was killed needs the processor once more to end, and another lab's link has its name last. */
const goesWhole = (victim: string, of: Lab) =>
  expect.poll(() => traces(victim, subnets(of)), { timeout: 60_000 }).toEqual([]);

let lab: Lab;
beforeAll(async () => {
  lab = await freshLab(name, nodes);
});
afterAll(() => endLab(name));

test("every node answers to SSH by the lab's key and known_hosts, under its own name", async () => {
  const names = await Promise.all(lab.nodes.map((node) => ssh(lab, node.name, "hostname")));
  expect(names).toEqual(["node1", "node2", "light1", "light2"]);
});

test("every node reaches every other, over IPv4 and IPv6, in its segment and through the router", async () => {
  const all = lab.nodes.flatMap(({ addresses }) => [addresses.ipv4, addresses.ipv6]);
  // Until one is answered, or says that there is no way.
  const ping = 'asks() { ping -q -c 1 -w 20 "$1" >/dev/null; }\n';
  const pings = ping + all.map((one) => `asks ${one} || { sleep 1; asks ${one}; } || echo ${one}`).join("\n");
  const lost = await Promise.all(lab.nodes.map(async (node) => (await lab.exec(node.name, pings)).stdout));
  expect(lost).toEqual(["", "", "", ""]);
});

test("a full node runs systemd with nothing failed, and can start a timer", async () => {
  expect(await ssh(lab, "node1", "systemctl is-system-running")).toBe("running");
  await ssh(lab, "node1", "systemd-run --quiet --on-active=1 --timer-property=AccuracySec=100ms touch /run/timer-ran");
  await expect.poll(async () => (await lab.exec("node1", "test -e /run/timer-ran")).code, { timeout: 240_000 }).toBe(0);
});

test("nodes write net.* sysctls of their own and none that belong to the machine", async () => {
  for (const node of ["node1", "light1"]) {
    const script = "sysctl -qw net.ipv4.ip_forward=1 && ! sysctl -qw kernel.pid_max=40000 2>/dev/null";
    expect((await lab.exec(node, script)).code, node).toBe(0);
  }
  expect((await lab.exec("node2", "sysctl -n net.ipv4.ip_forward")).stdout.trim()).toBe("0");
});

test("a second NIC is there, down and without an address", async () => {
  const { stdout } = await lab.exec("light2", "ip -br address show eth1");
  expect(stdout.trim().split(/\s+/).slice(1)).toEqual(["DOWN"]);
});

describe("reboot", () => {
  test("a node that reboots itself keeps address and files, and forgets its kernel state", async () => {
    await lab.exec(
      "node1",
      "echo kept > /root/file; ip route add 203.0.113.0/24 via $(ip route | sed -n 's/default via \\([^ ]*\\).*/\\1/p')",
    );
    const before = await bootOf("node1");
    await ssh(lab, "node1", "systemctl reboot").catch(() => undefined);
    await expect.poll(() => bootOf("node1").catch(() => before), { timeout: 300_000 }).not.toBe(before);
    await lab.waitForSsh("node1");
    expect(await ssh(lab, "node1", "cat /root/file; ip route show 203.0.113.0/24")).toBe("kept");
    expect(await ssh(lab, "node1", "ip -br -4 address show eth0")).toContain(lab.nodes[0]?.addresses.ipv4);
  });

  test.each(["node2", "light1"])("%s comes back when its power was cut", async (node) => {
    await lab.exec(node, "echo kept > /root/file");
    await lab.reboot(node, { hard: true });
    await lab.waitForSsh(node);
    expect(await ssh(lab, node, "cat /root/file")).toBe("kept");
  });

  /** Throws while the node goes down. */
  const bootOf = (node: string) => must(lab, node, "cat /proc/sys/kernel/random/boot_id");
});

describe("faults", () => {
  test("cutting SSH leaves the node reachable by ping and no other way in", async () => {
    await lab.cut("light1", "ssh");
    await expect(ssh(lab, "light1", "true", 3)).rejects.toThrow();
    expect((await lab.exec("node2", `ping -c 1 -w 20 ${lab.nodes[2]?.addresses.ipv4}`)).code).toBe(0);
    await lab.heal("light1");
    expect(await ssh(lab, "light1", "echo back")).toBe("back");
  });

  test("cutting the cable takes the node's carrier, over a reboot too", async () => {
    await lab.cut("node1", "cable");
    expect((await lab.exec("node1", "cat /sys/class/net/eth0/carrier")).stdout.trim()).toBe("0");
    await lab.reboot("node1", { hard: true });
    await expect(ssh(lab, "node1", "true", 3)).rejects.toThrow();
    await lab.heal("node1");
    await lab.waitForSsh("node1");
  });

  test("a read-only file cannot be written by root, until it is writable again", async () => {
    await lab.readOnly("node1", "/etc/hosts");
    await expect(ssh(lab, "node1", "echo >> /etc/hosts")).rejects.toThrow(/Read-only/);
    await lab.writable("node1", "/etc/hosts");
    await ssh(lab, "node1", "echo >> /etc/hosts");
  });

  test("the switch counts each SSH connection that is begun", async () => {
    const before = (await lab.sshConnections()).get("light2") ?? 0;
    await ssh(lab, "light2", "true");
    await ssh(lab, "light2", "true");
    expect((await lab.sshConnections()).get("light2")).toBe(before + 2);
  });
});

describe("pods", () => {
  const conflist = (subnet: string) =>
    JSON.stringify({
      cniVersion: "1.0.0",
      name: "lab-pods",
      plugins: [
        { type: "bridge", bridge: "cni0", isGateway: true, ipam: { type: "host-local", ranges: [[{ subnet }]] } },
      ],
    });

  test.each(["node1", "light1"])(
    "the real plugins attach pods on %s, which reach each other with whole packets",
    async (node) => {
      await lab.exec(
        node,
        `mkdir -p /etc/cni/net.d; cat > /etc/cni/net.d/10-lab.conflist <<'END'\n${conflist("203.0.113.0/24")}\nEND`,
      );
      const pods = [await lab.attachPod(node, "one"), await lab.attachPod(node, "two")];
      const fits = await lab.pingMatrix(pods, { size: 1472 });
      expect(fits.map(({ reached }) => reached)).toEqual([true, true]);
      const tooBig = await lab.pingMatrix(pods, { size: 1473 });
      expect(tooBig.map(({ reached }) => reached)).toEqual([false, false]);
      await lab.reboot(node, { hard: true });
      await lab.waitForSsh(node);
      const again = [await lab.attachPod(node, "one"), await lab.attachPod(node, "two")];
      expect((await lab.pingMatrix(again)).every(({ reached }) => reached)).toBe(true);
      for (const pod of again) await lab.detachPod(node, pod.name);
      expect((await lab.exec(node, "ls /run/netns; ls /var/lib/cni/networks/lab-pods | grep ^203")).stdout).toBe("");
    },
  );
});

describe("snapshot", () => {
  test("two looks at an unchanged node are equal", async () => {
    for (const node of ["node2", "light2"]) expect(await lab.snapshot(node)).toBe(await lab.snapshot(node));
  });

  test.each([
    ["a route", "ip route add 203.0.113.0/24 dev eth0", "ip route del 203.0.113.0/24 dev eth0"],
    ["a sysctl", "sysctl -qw net.ipv4.conf.eth0.rp_filter=2", "sysctl -qw net.ipv4.conf.eth0.rp_filter=0"],
    ["an nft table", "nft add table inet seen", "nft delete table inet seen"],
    ["a rule", "ip rule add pref 99 lookup main", "ip rule del pref 99"],
    ["a file", "echo x > /etc/seen", "rm /etc/seen"],
    ["a file's mode", "chmod 600 /etc/hosts", "chmod 644 /etc/hosts"],
    ["a unit", "systemctl mask --quiet seen.service", "systemctl unmask --quiet seen.service"],
  ])("%s that changed shows, and is gone when it is undone", async (_what, change, undo) => {
    const before = await lab.snapshot("node2");
    expect((await lab.exec("node2", change)).code).toBe(0);
    expect(await lab.snapshot("node2")).not.toBe(before);
    expect((await lab.exec("node2", undo)).code).toBe(0);
    expect(await lab.snapshot("node2")).toBe(before);
  });
});

describe("up and down", () => {
  test("an unchanged lab is left alone, and nodes come and go without moving others", async () => {
    const pid = async (node: string) => (await lab.exec(node, "readlink /proc/1/ns/net")).stdout;
    const before = await pid("node2");
    const more = await up({ name, nodes: [...nodes, { name: "light3", kind: "light" }] });
    expect(await ssh(more, "light3", "hostname")).toBe("light3");
    const less = await up({ name, nodes });
    expect(less.nodes).toEqual(lab.nodes);
    expect(await pid("node2")).toBe(before);
    expect((await open(name)).nodes).toEqual(lab.nodes);
    await expect(less.exec("light3", "true")).rejects.toThrow(/has no node "light3"/);
  });

  test("a node whose switch port was lost and an underlay that was lost are made again", async () => {
    await run("ip", ["-n", `podnet-${name}-switch`, "link", "del", "light1"]);
    await up({ name });
    expect(await ssh(lab, "light1", "hostname")).toBe("light1");
    await run("ip", ["netns", "del", `podnet-${name}-router`]);
    await up({ name });
    expect((await lab.exec("light1", `ping -c 1 -w 20 ${lab.nodes[1]?.addresses.ipv4}`)).code).toBe(0);
  });

  test.each([150, 500, 900, 1500, 2500])(
    "a lab whose making was killed after %d ms is made whole, and goes whole",
    async (milliseconds) => {
      const victim = "cut-short";
      const command = [join(__dirname, "../../dist/commands/podnet.js"), "lab", "up", "--name", victim, "--nodes", "3"];
      const child = execFile(process.execPath, command);
      await sleep(milliseconds);
      child.kill("SIGKILL");
      const whole = await up({ name: victim });
      expect(await Promise.all(whole.nodes.map((node) => ssh(whole, node.name, "hostname")))).toEqual([
        "node1",
        "node2",
        "node3",
      ]);
      await down(victim);
      await goesWhole(victim, whole);
    },
  );

  test("down leaves no trace of a running lab", async () => {
    expect(traces(name, subnets(lab)).length).toBeGreaterThan(10);
    await down(name);
    await goesWhole(name, lab);
  });
});
