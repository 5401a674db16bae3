import { afterEach, beforeEach, expect, test } from "vitest";
import { factsScript, noQuestions } from "../../../components/node/facts-script";
import { outcomes } from "../../../components/node/outcomes";
import { parseFacts } from "../../../components/node/parse-facts";
import { Box } from "./box";
import { change } from "./changes";

let box: Box;
beforeEach(async () => {
  box = await Box.open();
});
afterEach(() => box.close());

const pending = "/var/lib/podnet/pending";
const found = async () => parseFacts((await box.run(factsScript("test", noQuestions))).stdout).pending;

/** Lets something happen when a file of the pending change is about to be read. */
const before = (file: string, event: string) =>
  box.say(
    `mkdir /opt/bin; printf '%s\\n' '#!/bin/sh' 'case "$*" in ${pending}/${file}) ${event} ;; esac' 'exec /usr/bin/cat "$@"' > /opt/bin/cat; chmod +x /opt/bin/cat`,
  );

test.each([
  ["token", "ends", `rm -rf ${pending}`],
  ["owner", "ends", `rm -rf ${pending}`],
  ["deadline", "ends", `rm -rf ${pending}`],
  ["owner", "makes room for another", `echo b2 > ${pending}/token`],
])("a pending change that, when its %s is read, %s, is none", async (file, _what, event) => {
  expect((await box.run(change({ token: "a1", content: "one" }).script)).code).toBe(outcomes.applied);
  expect(await found()).toMatchObject({ owner: "test", token: "a1" });
  await before(file, event);
  expect(await found()).toBeUndefined();
});
