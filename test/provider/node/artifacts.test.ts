import { join } from "node:path";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { sha256 } from "../../../components/node/kinds/file";
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
});
afterAll(() => {
  plugin.stop();
  folder.remove();
});
beforeEach(async () => {
  box = await Box.open();
  node = await boxedNode(box, key);
  await box.say("mkdir -p /opt/www/cgi-bin; printf plugin > /opt/www/plugin");
  // One that takes its time: the whole window of the change, and more.
  const slow = "#!/bin/sh\nprintf 'Content-Type: text/plain\\r\\n\\r\\nplu'; sleep 17; printf gin\n";
  await box.say(`cat > /opt/www/cgi-bin/slow <<'END'\n${slow}END\nchmod +x /opt/www/cgi-bin/slow`);
  await box.say("busybox httpd -p 127.0.0.1:80 -h /opt/www");
});
afterEach(async () => {
  await node.stop();
  box.close();
});

const artifact = (path: string, sum = sha256("plugin")) => ({
  ...{ path: "/opt/bin/plugin", sha256: sum, url: `http://127.0.0.1/${path}` },
});
const wanted = (one: object, settings: object = {}, windowSeconds = 60) => ({
  node: "node1",
  owner: "pods",
  connection: node.connection(settings),
  // A rule waits for a confirmation, so that a window is running.
  state: { artifacts: [one], rules: [{ priority: 1000, from: "10.9.0.0/16", table: 77 }] },
  windowSeconds,
});
const made = (one: object, settings?: object, windowSeconds?: number) =>
  plugin.create("NodeState", wanted(one, settings, windowSeconds)).then(
    () => "done",
    (error: Error) => error.message,
  );
const untouched = async () => expect(await box.say("ls -A /var/lib; ls /opt; ip rule show table 77")).toBe("www\n");

describe("an artifact by URL", () => {
  test("is fetched by the node, and goes with its owner", async () => {
    expect(await made(artifact("plugin"))).toBe("done");
    expect(await box.say("cat /opt/bin/plugin; stat -c %a /opt/bin/plugin")).toBe("plugin755\n");
    await plugin.delete("NodeState", "node1/pods", wanted(artifact("plugin")), {});
    await untouched();
  });

  test("that takes longer than the change's window is made all the same", async () => {
    expect(await made(artifact("cgi-bin/slow"), { commandTimeoutSeconds: 60 }, 15)).toBe("done");
    expect(await box.say("cat /opt/bin/plugin; ls /var/lib/podnet/pods/store 2>/dev/null; true")).toBe("plugin");
  });

  test("that takes longer than a command may changes nothing, and is not fetched any more", async () => {
    expect(await made(artifact("cgi-bin/slow"), { commandTimeoutSeconds: 8 })).toMatch(
      /node1: nothing was changed: artifacts: http:\S+ was not there within 8 s \(commandTimeoutSeconds\)/,
    );
    expect(await box.say("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).not.toMatch(/curl|wget/);
    await untouched();
  });

  test("that is another one, or is not there, changes nothing and leaves nothing", async () => {
    expect(await made(artifact("plugin", "0".repeat(64)))).toContain(
      `nothing was changed: artifacts: http://127.0.0.1/plugin has the SHA-256 ${sha256("plugin")}, not 000`,
    );
    await untouched();
    expect(await made(artifact("nothing"))).toMatch(
      /nothing was changed: artifacts: http:\S+nothing could not be fetched \(code 22\) curl: .*404/,
    );
    await untouched();
  });
});
