import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { NodeStateInput } from "../../../components";
import { Plugin } from "../plugin";
import type { HostileNode } from "../ssh/hostile";
import { makeKey, workspace } from "../ssh/sshd";
import { Box } from "./box";
import { boxedNode } from "./boxed";

const folder = workspace();
const key = makeKey(join(folder.path, "key"));
let plugin: Plugin;
let box: Box;
let node: HostileNode;

beforeAll(async () => {
  plugin = await Plugin.start();
  box = await Box.open();
  node = await boxedNode(box, key);
});
afterAll(async () => {
  plugin.stop();
  await node.stop();
  box.close();
  folder.remove();
});

/** Everything that may be written in more than one way, and not in the one in which the kernel shows it. */
const spelled: NodeStateInput = {
  modules: readdirSync("/sys/module")
    .filter((name) => name.includes("_"))
    .slice(0, 1)
    .map((name) => name.replaceAll("_", "-")),
  sysctls: { "net.ipv4.ping_group_range": "0\t 100", "net/ipv4/ip_local_port_range": " 32768  60000 " },
  links: [
    { type: "bridge", name: "br0", mac: "02:00:5E:00:00:0A" },
    { type: "veth", name: "veth0", peer: "veth1" },
    { type: "veth", name: "away0", peer: "away1" },
    {
      ...{ type: "vxlan", name: "vx0", vni: 7, local: "FD00:0::1", mac: "02:00:5E:00:00:0B" },
      peers: [{ address: "FD00:0:0::2", count: 2 }],
    },
  ],
  addresses: [{ device: "br0", address: "FD00:0::1/64" }],
  routes: [{ to: "FD01:0::/64", device: "br0", source: "FD00:0::1" }],
  rules: [
    { priority: 1000, from: "0.0.0.0/0", fwmark: "16", table: 77 },
    { priority: 1001, from: "10.9.1.1/16", fwmark: "0X10/0xFF", table: 77 },
    { priority: 1002, fwmark: "0x10/0xffffffff", table: 77 },
    { priority: 1003, to: "10.9.1.1/32", fwmark: "0/0xf", table: 77 },
    { priority: 1004, fwmark: "0", table: 77 },
    { family: "ipv6", priority: 1005, from: "FD00:0:0::1/64", to: "::/0", table: 77 },
  ],
};

test("however a state is spelled, the node is as it was committed, and a second run has nothing to do", async () => {
  const wanted = { node: "node1", owner: "pods", connection: node.connection(), state: spelled, adopt: true };
  const { inputs, failures } = await plugin.check("NodeState", {}, wanted);
  expect(failures).toEqual([]);
  const { outputs } = await plugin.create("NodeState", inputs);
  // What a pod's end of a pair is called there, nobody sees from here.
  await box.say("ip netns add pod && ip link set away1 netns pod");
  expect((await plugin.read("NodeState", "node1/pods", inputs, outputs)).outputs.drift).toBeUndefined();
  await plugin.create("NodeState", inputs);
  expect(plugin.said.at(-1)?.message).toBe("as wanted already");
  await plugin.delete("NodeState", "node1/pods", inputs, outputs);
  expect(await box.say("ip -br link; ip rule; ip -6 rule; ls -A /var/lib")).not.toMatch(/br0|veth|vx0|77|podnet/);
});
