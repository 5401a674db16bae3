import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeState, type NodeStateArgs } from "../../../components";
import { type Bed, bed, failure } from "../bed";
import { difference, seen } from "./node";

let world: Bed;
let found: string;

function state(args: Partial<NodeStateArgs> = {}, connectTimeoutSeconds = 30) {
  return async () => {
    const connection = { ...world.inventory().nodes[0]?.connection, connectTimeoutSeconds };
    new NodeState("node1", {
      node: "node1",
      owner: "test",
      connection: connection as NodeStateArgs["connection"],
      state: { files: [{ path: "/etc/podnet-a", content: "one\n" }] },
      windowSeconds: 60,
      ...args,
    });
  };
}

const changed = { state: { files: [{ path: "/etc/podnet-a", content: "two\n" }] } };
const present = async () => (await world.lab.exec("node1", "cat /etc/podnet-a")).stdout;

beforeAll(async () => {
  world = await bed("reach", [{ name: "node1", segment: "b", kind: "full" }]);
  found = await seen(world.lab, "node1");
});
afterAll(() => world?.end());

describe.sequential("a node that is down", () => {
  test("does not keep a preview from being whole, first or later", async () => {
    await world.lab.cut("node1", "cable");
    world.program.run = state();
    expect((await world.stack.preview()).stdout).toContain("+1 file");
    await world.lab.heal("node1");
    await world.stack.up();
    await world.lab.cut("node1", "cable");
    world.program.run = state(changed, 3);
    expect((await world.stack.preview()).stdout).toContain("~1 file");
  });

  test("fails an up with who could not be reached, and is as it was", async () => {
    expect(await failure(world.stack.up())).toMatch(/root@\S+:22: (no way|no SSH login within 3 s)/);
    expect(await present()).toBe("one\n");
  });

  test("keeps its last known state in a refresh, which says that it is unhealthy", async () => {
    const message = await world.stack.refresh().then(({ stdout }) => stdout, String);
    expect(message).toContain("unhealthy, last known state kept");
    const { deployment } = await world.stack.exportStack();
    const kept = (deployment.resources as { type: string; outputs: { manifest: string } }[]).find(
      ({ type }) => type === "podnet:index:NodeState",
    );
    expect(kept?.outputs.manifest).toMatch(/^[0-9a-f]{64}$/);
  });

  test("fails a destroy, which says how it would be forgotten", async () => {
    expect(await failure(world.stack.destroy())).toContain('forgotten with onUnreachable: "forget"');
    await world.lab.heal("node1");
    expect(await present()).toBe("one\n");
  });

  test("is changed by the next up once it is back", async () => {
    world.program.run = state(changed);
    await world.stack.up();
    expect(await present()).toBe("two\n");
  });
});

describe.sequential("a node's sshd", () => {
  const restart = (line: string) =>
    world.lab.exec("node1", `${line} && systemctl restart ssh 2>/dev/null || systemctl restart sshd`);

  test("that shows another host key than is known is not spoken to", async () => {
    const move = (to: string, from: string) =>
      `mv /etc/ssh/ssh_host_ed25519_key${from} /etc/ssh/ssh_host_ed25519_key${to}`;
    const other = "ssh-keygen -q -t ed25519 -N '' -f /etc/ssh/ssh_host_ed25519_key </dev/null";
    await restart(`${move(".kept", "")}; ${move(".pub.kept", ".pub")}; ${other}`);
    const before = await seen(world.lab, "node1");
    world.program.run = state();
    expect(await failure(world.stack.up())).toMatch(/host key/i);
    expect(difference(before, await seen(world.lab, "node1"))).toBe("");
    await restart(`${move("", ".kept")}; ${move(".pub", ".pub.kept")}`);
  });

  test("that takes three unfinished logins at a time, and has them, serves a run once it has room", async () => {
    await restart("echo 'MaxStartups 3' > /etc/ssh/sshd_config.d/podnet-test.conf");
    const address = world.lab.nodes[0]?.addresses.ipv4 as string;
    const held = Array.from({ length: 3 }, () => connect(22, address).on("error", () => undefined));
    await Promise.all(held.map((socket) => once(socket, "data")));
    const dropped = () => world.lab.exec("node1", "journalctl -u ssh -u sshd | grep -c 'MaxStartups throttling'");
    world.program.run = async () => {
      await state({
        connection: {
          ...world.inventory().nodes[0]?.connection,
          connectTimeoutSeconds: 100,
        } as NodeStateArgs["connection"],
      })();
      const patient = { ...world.inventory().nodes[0]?.connection, connectTimeoutSeconds: 100 };
      const connection = patient as NodeStateArgs["connection"];
      for (const owner of ["one", "two", "three", "four"]) {
        const routes = {
          rules: [{ priority: 1000 + owner.length * 10 + owner.charCodeAt(0), from: "10.9.0.0/16", table: 77 }],
        };
        new NodeState(owner, { node: "node1", owner, connection, state: routes, windowSeconds: 60 });
      }
    };
    const up = world.stack.up();
    await expect.poll(async () => Number((await dropped()).stdout), { timeout: 60_000 }).toBeGreaterThan(0);
    for (const socket of held) socket.destroy();
    await up;
    world.program.run = async () => undefined;
    await world.stack.up();
    await restart("rm /etc/ssh/sshd_config.d/podnet-test.conf");
    expect(difference(found, await seen(world.lab, "node1"))).toBe("");
  });
});
