import { join } from "node:path";
import { afterAll, afterEach, beforeEach, expect, test } from "vitest";
import { Plugin } from "../plugin";
import type { HostileNode } from "../ssh/hostile";
import { makeKey, workspace } from "../ssh/sshd";
import { Box } from "./box";
import { boxedNode } from "./boxed";

const folder = workspace();
const key = makeKey(join(folder.path, "key"));
let box: Box;
let node: HostileNode;
let plugin: Plugin;

beforeEach(async () => {
  box = await Box.open();
  node = await boxedNode(box, key);
  plugin = await Plugin.start();
});
afterEach(async () => {
  plugin.stop();
  await node.stop();
  box.close();
});
afterAll(() => folder.remove());

test("a change that nobody has to confirm is made once a disk takes it that did not for a moment", async () => {
  // The disk is read-only when the change is about to be written down, and is not two tries later.
  const readOnly = "[ -e /run/tried ] || mount -o remount,ro /var/lib; echo >> /run/tried";
  const writable = "[ $(wc -l < /run/tried) -lt 3 ] || mount -o remount,rw /var/lib";
  const mv = `#!/bin/sh\\ncase "$*" in *as-commit*) ${readOnly}; ${writable} ;; esac\\nexec /usr/bin/mv "$@"\\n`;
  await box.say(`mkdir -p /opt/bin; printf '${mv}' > /opt/bin/mv; chmod +x /opt/bin/mv`);
  const state = { files: [{ path: "/opt/x", content: "x" }] };
  const args = { node: "node1", owner: "pods", connection: node.connection(), state, windowSeconds: 60 };
  await plugin.create("NodeState", args);
  expect(await box.say("wc -l < /run/tried; cat /opt/x; ls /var/lib/podnet")).toBe("3\nxREADME\nboot.sh\npods\n");
});
