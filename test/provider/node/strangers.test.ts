import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { undoScript } from "../../../components/node/confirm-script";
import { Box } from "./box";
import { change } from "./changes";

let box: Box;
beforeEach(async () => {
  box = await Box.open();
});
afterEach(() => box.close());

const pending = "/var/lib/podnet/pending";
const made = (content = "new") => box.run(change({ token: "a1", content }).script);
const isThere = async (path: string) => (await box.run(`[ -e ${path} ]`)).code === 0;

/** A process of somebody else, in a group of its own, whose number is the one that was written down. */
async function stranger(file: string): Promise<() => Promise<boolean>> {
  const asleep = "until grep -q '(sleep) S' /proc/$!/stat; do sleep 0.05; done";
  const pid = await box.say(`setsid sleep 60 >/dev/null 2>&1 & ${asleep}; echo $!`);
  await box.say(`read -r pid began < ${pending}/${file}; echo "${pid.trim()} $began" > ${pending}/${file}`);
  return async () => (await box.say(`cat /proc/${pid.trim()}/stat`)).includes("(sleep) S");
}

describe("an undo leaves a process alone that was given the number of", () => {
  test("what made the change, whether that had ended well or not", async () => {
    for (const ended of [true, false]) {
      await made();
      const lives = await stranger("pid");
      if (!ended) await box.say(`rm ${pending}/result`);
      await box.run(undoScript("a1"));
      expect(await isThere(pending)).toBe(false);
      expect(await lives()).toBe(true);
    }
  });

  test("its timer", async () => {
    await made();
    const lives = await stranger("timer-pid");
    await box.run(undoScript("a1"));
    expect(await isThere(pending)).toBe(false);
    expect(await lives()).toBe(true);
  });

  test("an undo that was killed, and is not waited for", async () => {
    await made();
    await box.say(`mkdir ${pending}/verdict; cp ${pending}/pid ${pending}/verdict/pid`);
    const lives = await stranger("verdict/pid");
    await box.run(undoScript("a1"));
    expect(await isThere(pending)).toBe(false);
    expect(await lives()).toBe(true);
  });
});

describe("an undo", () => {
  test("stops what is still being made, with all that it started", async () => {
    const { script } = change({
      token: "a1",
      content: "new",
      // An iptables that does not end; the file that comes after it is never written.
      more: { iptables: [{ chain: "FORWARD", rule: ["-j", "ACCEPT"] }], files: [{ path: "/opt/y", content: "" }] },
    });
    await box.say(
      "mkdir /opt/bin; printf '#!/bin/sh\\ncase $* in *-C*) touch /opt/slow; sleep 61 ;; esac\\n' > /opt/bin/iptables",
    );
    await box.say("chmod +x /opt/bin/iptables");
    const run = box.run(script);
    await expect.poll(() => isThere("/opt/slow"), { timeout: 30_000 }).toBe(true);
    await box.run(undoScript("a1"));
    await run;
    const processes = () => box.say("cat /proc/[0-9]*/cmdline | tr '\\0' ' '");
    await expect.poll(processes, { timeout: 30_000 }).not.toContain("sleep 61");
    expect(await isThere("/opt/y")).toBe(false);
    expect(await isThere(pending)).toBe(false);
  });

  test("stops its own timer", async () => {
    await made();
    const timer = async () => (await box.say("cat /proc/[0-9]*/cmdline | tr '\\0' ' '")).includes("undo.sh timer a1");
    expect(await timer()).toBe(true);
    await box.run(undoScript("a1"));
    await expect.poll(timer, { timeout: 30_000 }).toBe(false);
  });

  test("by hand of a change that is confirmed completes it, also after a reset", async () => {
    for (const boot of ["cat boot", "echo another"]) {
      const { script } = change({ token: "a1", content: "new" });
      await box.run(script);
      await box.say(`cd ${pending}; mv -T as-commit verdict; boot=$(${boot}); echo "$boot" > boot`);
      for (const mode of ["timer a1", "failed"]) await box.run(`sh ${pending}/undo.sh ${mode}`);
      expect(await isThere(pending)).toBe(true);
      expect(await box.say(`sh ${pending}/undo.sh asked`)).toBe("it is confirmed: it is completed\n");
      expect(await box.say("ls /var/lib/podnet; cat /opt/x")).toBe("README\nboot.sh\ntest\nnew");
      await box.say("sh /var/lib/podnet/test/remove.sh force");
    }
  });

  test("that another is at is left to that one", async () => {
    await made();
    const pid = (await box.say("sleep 60 >/dev/null 2>&1 & echo $!")).trim();
    await box.say(
      `mkdir ${pending}/verdict; read -r stat < /proc/${pid}/stat; set -- \${stat##*) }; echo "${pid} \${20}" > ${pending}/verdict/pid`,
    );
    await box.run(undoScript("a1"));
    expect(await isThere(pending)).toBe(true);
  });
});
