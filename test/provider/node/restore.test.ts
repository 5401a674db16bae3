import { afterEach, beforeEach, expect, test } from "vitest";
import { undoScript } from "../../../components/node/confirm-script";
import { outcomes } from "../../../components/node/outcomes";
import { Box } from "./box";
import { change } from "./changes";

let box: Box;
beforeEach(async () => {
  box = await Box.open();
  await box.say("printf original > /opt/x; mkdir /opt/bin");
});
afterEach(() => box.close());

/** Lets the disk become read-only when a file is about to take its place. */
const readOnlyBefore = (move: string) =>
  `printf '%s\\n' '#!/bin/sh' 'case "$*" in *"${move}") mount -o remount,ro /opt ;; esac' 'exec /usr/bin/mv "$@"' > /opt/bin/mv; chmod +x /opt/bin/mv`;
const writable = "mount -o remount,rw /opt; rm /opt/bin/mv";
const content = () => box.say("cat /opt/x; ls -A /opt");

test("what a file held is not lost on a disk that became read-only in the middle of writing it", async () => {
  await box.say(readOnlyBefore("/opt/x.podnet-new /opt/x"));
  const { code, stdout } = await box.run(change({ token: "a1", content: "", before: "original" }).script);
  expect([code, stdout]).toEqual([outcomes.undone, expect.stringContaining("not undone: write /opt/x")]);
  expect((await box.run(undoScript("a1"))).stdout).toContain("not undone: write /opt/x");
  await box.say(writable);
  expect(await box.run(undoScript("a1"))).toMatchObject({ code: 0, stdout: "" });
  expect(await content()).toBe("originalbin\nx\n");
  expect((await box.run("ls -A /var/lib/podnet")).stdout).toBe("");
});

test("nor on one that became so in the middle of putting it back", async () => {
  expect((await box.run(change({ token: "a1", content: "new", before: "original" }).script)).code).toBe(
    outcomes.applied,
  );
  await box.say(readOnlyBefore("/opt/x.podnet-new /opt/x"));
  expect((await box.run(undoScript("a1"))).stdout).toContain("not undone: write /opt/x");
  await box.say(writable);
  expect(await box.run(undoScript("a1"))).toMatchObject({ code: 0, stdout: "" });
  expect(await content()).toBe("originalbin\nx\n");
});
