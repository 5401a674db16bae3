import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { commitScript } from "../../../components/node/confirm-script";
import { outcomes } from "../../../components/node/outcomes";
import { Box } from "./box";
import { change } from "./changes";

let box: Box;
beforeEach(async () => {
  box = await Box.open();
});
afterEach(() => box.close());

const pending = "/var/lib/podnet/pending";
const file = () => box.say("cat /opt/x 2>/dev/null; true");
const waits = async () => (await box.run(`[ -d ${pending} ]`)).code === 0;

describe("what belongs to a change", () => {
  test("is done by the timer that was started for it", async () => {
    const wake = await box.holdSleep(60);
    expect((await box.run(change({ token: "a1", content: "new", windowSeconds: 60 }).script)).code).toBe(
      outcomes.applied,
    );
    expect(await file()).toBe("new");
    await wake();
    await expect.poll(waits, { timeout: 30_000 }).toBe(false);
    expect(await file()).toBe("");
  });

  test("is not done to the next one: a timer that outlived its own change finds nothing to do", async () => {
    await box.run(change({ token: "b2", content: "new", windowSeconds: 60 }).script);
    // The words in which systemd-run and setsid start it.
    expect(await box.say("cat /proc/*/cmdline | tr '\\0' ' '")).toContain("exec sh undo.sh timer b2");
    for (const words of ["timer a1", "timer"]) await box.run(`sh ${pending}/undo.sh ${words}`);
    expect(await waits()).toBe(true);
    expect(await file()).toBe("new");
    await box.run(`sh ${pending}/undo.sh timer b2`);
    expect(await waits()).toBe(false);
    expect(await file()).toBe("");
  });

  test("is not done to the next one by an undo or a confirmation that is late", async () => {
    const first = change({ token: "a1", content: "one" });
    await box.run(first.script);
    await box.say(`cp ${pending}/undo.sh /opt/late-undo; cp ${pending}/finish.sh /opt/late-finish`);
    expect((await box.run(commitScript("a1"))).code).toBe(outcomes.committed);
    const second = change({ token: "b2", content: "two", before: "one", previous: first.manifest });
    expect((await box.run(second.script)).code).toBe(outcomes.applied);
    const kept = await box.say(`ls ${pending} ${pending}/next`);
    await box.run("sh /opt/late-undo asked; sh /opt/late-undo failed; sh /opt/late-finish");
    expect(await box.say(`ls ${pending} ${pending}/next`)).toBe(kept);
    expect(await file()).toBe("two");
    expect((await box.run(commitScript("b2"))).code).toBe(outcomes.committed);
  });
});

test("a timer that was started and could not be written down is stopped, and nothing is changed", async () => {
  const program = (name: string, ...lines: string[]) =>
    `cat > /opt/bin/${name} <<'END'\n#!/bin/sh\necho "${name} $*" >> /opt/calls\n${lines.join("\n")}\nEND\nchmod +x /opt/bin/${name}`;
  await box.say("mkdir -p /run/systemd/system /opt/bin /opt/units");
  await box.say(program("systemd-run", `ln -s /nowhere/armed ${pending}/armed`));
  await box.say(program("systemctl"));
  const { script } = change({ token: "a1", content: "new" });
  const { code } = await box.run(script.replaceAll("/etc/systemd/system", "/opt/units"));
  expect(code).toBe(outcomes.unarmed);
  expect(await box.say("cat /opt/calls")).toMatch(
    /systemd-run .*undo\.sh timer a1\n[\s\S]*systemctl stop podnet-undo-a1\.timer\n/,
  );
  expect(await file()).toBe("");
  expect(await waits()).toBe(false);
});

describe("an undo on a node that is slow", () => {
  /** A program that does something of its own before, or after, what it is there for. */
  const wrap = (name: string, ...lines: string[]) =>
    box.say(
      `mkdir -p /opt/bin; cat > /opt/bin/${name} <<'END'\n#!/bin/sh\n${lines.join("\n")}\nEND\nchmod +x /opt/bin/${name}`,
    );
  const until = (condition: string) => `until ${condition}; do sleep 0.05; done`;

  test("which is at work before the change has begun its steps keeps it from beginning", async () => {
    const linger = `case "$*" in */opt/x*) touch /opt/taken-back; ${until("[ -e /opt/go ]")} ;; esac`;
    await wrap("rm", '/usr/bin/rm "$@" || exit', linger);
    await wrap(
      "setsid",
      `case "$*" in *apply.sh) sh ${pending}/undo.sh asked & ${until("[ -e /opt/taken-back ]")} ;; esac`,
      'exec /usr/bin/setsid "$@"',
    );
    expect((await box.run(change({ token: "a1", content: "new" }).script)).code).toBe(outcomes.stillRunning);
    await box.say("touch /opt/go");
    await expect.poll(waits, { timeout: 30_000 }).toBe(false);
    expect(await file()).toBe("");
  });

  test("that meets another at its end does nothing, and leaves nothing behind", async () => {
    const first = change({ token: "a1", content: "one" });
    await box.run(first.script);
    await box.run(commitScript("a1"));
    await box.run(change({ token: "b2", content: "two", before: "one", previous: first.manifest }).script);
    await wrap(
      "mkdir",
      `[ -z "$LATE" ] || { touch /opt/late; ${until("[ -e /opt/go ]")}; }`,
      'exec /usr/bin/mkdir "$@"',
    );
    // The other removes what it decided by, and the rest while this one goes on.
    await wrap(
      "rm",
      'case "$*" in *.done-b2*) [ -n "$LATE" ] || { /usr/bin/rm -r /var/lib/podnet/.done-b2/verdict; touch /opt/go; sleep 0.5; } ;; esac',
      'exec /usr/bin/rm "$@"',
    );
    await box.say(
      `LATE=1 sh ${pending}/undo.sh asked & ${until("[ -e /opt/late ]")}; sh ${pending}/undo.sh asked; wait`,
    );
    expect(await file()).toBe("one");
    expect(await box.say("ls -A /var/lib/podnet")).not.toMatch(/pending|done/);
    expect(await box.say("cat /run/podnet/last/undo-log; ls /run/podnet/last")).not.toContain("undo-failures");
  });
});
