import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeState, type NodeStateArgs } from "../../components";
import { type Bed, bed, failure } from "./bed";

let world: Bed;
let found: string;

beforeAll(async () => {
  world = await bed("byhand", [{ name: "node1", segment: "b", kind: "full" }]);
  await on("echo mine > /etc/adopted.conf; chmod 0640 /etc/adopted.conf");
  found = await seen();
});
afterAll(() => world?.end());

/** What somebody who logged in at the console sees of a script: there is no podnet and no Pulumi there. */
async function on(script: string): Promise<string> {
  const { stdout, stderr } = await world.lab.exec("node1", script);
  return stdout + stderr;
}

async function seen(): Promise<string> {
  return (await world.lab.snapshot("node1")).replaceAll(/^\/run\/podnet.*\n/gm, "");
}

/** The one line of the node's README that begins so, as a person would type it. */
async function fromReadme(begin: string, owner = ""): Promise<string> {
  const lines = (await on("cat /var/lib/podnet/README")).split("\n").map((line) => line.trim());
  const matching = lines.filter((line) => line.startsWith(begin));
  expect(matching).toHaveLength(1);
  return (matching[0] ?? "").replaceAll("OWNER", owner);
}

async function removed(owner: string): Promise<string> {
  await on(await fromReadme("setsid sh", owner));
  const log = () => on("cat /root/podnet-remove.log");
  await expect.poll(log, { timeout: 300_000 }).toMatch(/is removed|stays/);
  const text = await log();
  await on("rm /root/podnet-remove.log");
  return text;
}

function program(args: Partial<NodeStateArgs>[]) {
  return async () => {
    const { connection } = world.inventory().nodes[0] ?? {};
    if (!connection) throw new Error("the lab has no node");
    const usual = { node: "node1", owner: "test", connection, state: {}, windowSeconds: 180 };
    for (const one of args) new NodeState(String(one.owner), { ...usual, ...one });
  };
}

const unit =
  "[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/true\n\n[Install]\nWantedBy=multi-user.target\n";
const plain: Partial<NodeStateArgs> = {
  owner: "plain",
  adopt: true,
  state: {
    modules: ["br_netfilter"],
    sysctls: { "net.ipv4.ip_forward": "1" },
    directories: [{ path: "/etc/made", purge: true }],
    files: [
      { path: "/etc/made/by/podnet.conf", content: "new\n" },
      { path: "/etc/adopted.conf", content: "ours\n" },
    ],
    links: [{ type: "bridge", name: "podnet0" }],
    addresses: [{ device: "podnet0", address: "10.244.0.1/24" }],
    routes: [{ to: "10.244.1.0/24", via: "10.244.0.2", count: 3 }],
    rules: [{ priority: 100, from: "10.244.0.0/16", table: 100 }],
    nftables: [
      { family: "inet", table: "podnet-plain", ruleset: "chain forward { type filter hook forward priority 0; }" },
    ],
    iptables: [{ chain: "FORWARD", rule: ["-s", "10.244.0.0/16", "-j", "ACCEPT"] }],
    units: [{ name: "podnet-test.service", content: unit }],
  },
};
const moved: Partial<NodeStateArgs> = {
  owner: "moved",
  state: {
    sysctls: { "net.ipv4.ip_forward": "1" },
    links: [{ type: "bridge", name: "br0", macFrom: "eth0" }],
    uplinks: [{ device: "eth0", bridge: "br0" }],
  },
};

describe.sequential("without podnet and Pulumi, by what the node's README says", () => {
  test("a change that waits for its confirmation is undone at once", async () => {
    const gateway = world.lab.routers.b.ipv4.replace(/\.1$/, ".77");
    const state = { routes: [{ to: "default" as const, via: gateway }] };
    world.program.run = program([{ owner: "waiting", adopt: true, state }]);
    const run = failure(world.stack.up());
    await expect.poll(() => on("ls /var/lib/podnet/pending"), { timeout: 300_000 }).toContain("result\n");
    expect(await on(await fromReadme("cat /var/lib/podnet/pending"))).toBe("waiting");
    expect(await on("su admin -c 'cat /var/lib/podnet/pending/apply.sh'")).toContain("Permission denied");
    await on(await fromReadme("sh /var/lib/podnet/pending"));
    expect(await run).toContain("rolled back, node reachable");
    expect(await on("su admin -c 'cat /run/podnet/last/log'")).toContain("Permission denied");
    expect(await seen()).toBe(found);
  });

  test("what is kept on the node is root's alone", async () => {
    world.program.run = program([plain]);
    await world.stack.up();
    expect(await on("ls /var/lib/podnet/plain")).toMatch(
      /manifest\.json\n[\s\S]*remove\.sh\n[\s\S]*replay\.sh\n[\s\S]*store/,
    );
    expect(await on("find /var/lib/podnet /run/podnet -perm /077 2>/dev/null")).toBe("");
  });

  test("what was changed by hand is made again", async () => {
    await on("ip route del 10.244.2.0/24; ip rule del priority 100");
    await on(await fromReadme("sh /var/lib/podnet/OWNER/replay", "plain"));
    expect(await on("ip route show proto 98")).toMatch(/10\.244\.1\.0.*\n10\.244\.2\.0.*\n10\.244\.3\.0/);
    expect(await on("ip rule")).toContain("100:\tfrom 10.244.0.0/16 lookup 100");
  });

  test("an owner is not removed while a change waits", async () => {
    await on("mkdir /var/lib/podnet/pending; echo other > /var/lib/podnet/pending/owner");
    expect(await on("sh /var/lib/podnet/plain/remove.sh")).toContain("a change of other is pending; undo it first");
    await on("rm -r /var/lib/podnet/pending");
  });

  test("one owner is removed, and the other stays whole", async () => {
    world.program.run = program([plain, moved]);
    await world.stack.up();
    const before = await on("ip -br link show br0; ip -br addr show br0; ip route show default");
    expect(before).toMatch(/br0 .*UP/);
    expect(await removed("plain")).toBe("plain is removed\n");
    expect(await on("ip -br link show br0; ip -br addr show br0; ip route show default")).toBe(before);
    expect(await on("cat /proc/sys/net/ipv4/ip_forward")).toBe("1\n");
    expect(await on("cat /etc/adopted.conf; ls /var/lib/podnet")).toMatch(/^mine\nREADME\nboot\.sh\nmoved\n$/);
  });

  test("the last owner, in whose bridge the only NIC is, is removed: the node is as before, and reachable", async () => {
    expect(await removed("moved")).toBe("moved is removed\n");
    expect(await seen()).toBe(found);
    await world.lab.waitForSsh("node1");
  });

  test("Pulumi sees what was done, and makes it again when asked", async () => {
    const { stdout } = await world.stack.refresh();
    expect(stdout).toContain("state of plain: absent, should be committed");
    await world.stack.up();
    expect(await on("ip -br addr show podnet0")).toContain("10.244.0.1/24");
    await world.stack.destroy();
    expect(await seen()).toBe(found);
  });

  test("what is not there any more is said, and the owner stays until that is looked at", async () => {
    world.program.run = program([plain]);
    await world.stack.up();
    await on("ip rule del priority 100");
    const words = await removed("plain");
    expect(words).toContain("not undone, or not there any more: ");
    const [, command = ""] = /when all is as you want it: (.*)\n/.exec(words) ?? [];
    expect(await on(command)).toContain("plain is removed");
    expect(await seen()).toBe(found);
  });
});
