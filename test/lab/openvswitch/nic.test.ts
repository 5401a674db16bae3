import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Bed, failure } from "../bed";
import { difference } from "../kubernetes/world";
import { fabric, inNode, ovsBed, pinged, reboot, traces } from "./world";

let place: Bed;
let found: string;

beforeAll(async () => {
  place = await ovsBed("ovsnic", ["node1", "node2"]);
  found = await place.lab.snapshot("node1");
});
afterAll(() => place?.end());

const addresses = () => inNode(place.lab, "node1", "ip -br address show scope global; ip route show default");
const moved = { "br-ex": { uplink: true, nodes: ["node1"] } };

describe.sequential("the NIC that a node is reached by", () => {
  test("moves into a bridge with its addresses and routes, confirmed over a new connection", async () => {
    place.program.run = fabric(place, { bridges: moved });
    const { stdout } = await place.stack.up();
    expect(stdout).toContain("confirmed");
    const { ipv4, ipv6 } = place.lab.nodes[0]?.addresses ?? {};
    expect(await addresses()).toMatch(new RegExp(`^br-ex .*${ipv4}/22 ${ipv6}/64`, "m"));
    expect(await addresses()).toContain(`default via ${place.lab.routers.a.ipv4} dev br-ex`);
    expect(await inNode(place.lab, "node1", "cat /sys/class/net/br-ex/address")).toBe(
      await inNode(place.lab, "node1", "cat /sys/class/net/eth0/address"),
    );
    expect(Object.keys((await place.stack.refresh()).summary.resourceChanges ?? {})).toEqual(["same"]);
  });

  test("answers once: the kernel, which sees the packets too, is kept from them", async () => {
    const { ipv4 } = place.lab.nodes[0]?.addresses ?? {};
    const said = await pinged(place.lab, "node2", `${ipv4}`);
    expect(said).toContain("3 received");
    expect(said).not.toContain("duplicates");
  });

  test("stays reachable after a reboot, which a move by hand would not", async () => {
    await reboot(place.lab, "node1");
    expect(await addresses()).toContain("dev br-ex");
    expect(Object.keys((await place.stack.refresh()).summary.resourceChanges ?? {})).toEqual(["same"]);
  });

  test("comes back by itself when a controller that is not there cuts the bridge off", async () => {
    const before = await place.lab.snapshot("node1");
    const controllers = { targets: "tcp:127.0.0.1:6653" };
    place.program.run = fabric(place, {
      bridges: { "br-ex": { ...moved["br-ex"], failMode: "secure", controllers } },
      rollout: { windowSeconds: 10 },
    });
    expect(await failure(place.stack.up())).toContain("rolled back, node reachable");
    const left = difference(before, await place.lab.snapshot("node1"));
    expect(left.filter((line) => !/conf\.db|\/run\/podnet/.test(line))).toEqual([]);
  });

  test("is as it was after destroy", async () => {
    place.program.run = fabric(place, { bridges: moved });
    await place.stack.up();
    await place.stack.destroy();
    expect((await traces(place.lab, "node1", found)).filter((line) => !line.includes("/run/podnet"))).toEqual([]);
  });
});
