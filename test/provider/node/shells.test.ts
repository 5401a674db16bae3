import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { abandonScript, commitScript, undoScript } from "../../../components/node/confirm-script";
import { factsScript, noQuestions } from "../../../components/node/facts-script";
import { outcomes } from "../../../components/node/outcomes";
import { parseFacts } from "../../../components/node/parse-facts";
import { Box, type Shell, shells } from "./box";
import { change } from "./changes";

const failing = { iptables: [{ chain: "no-such-chain", rule: ["-j", "ACCEPT"] }] };

describe.each(Object.keys(shells) as Shell[])("under %s, the scripts of a change", (shell) => {
  let box: Box;
  beforeAll(async () => {
    box = await Box.open(shell);
  });
  afterAll(() => box.close());
  const file = () => box.say("cat /opt/x 2>/dev/null; true");
  const code = async (script: string) => (await box.run(script)).code;

  test("read the node", async () => {
    const { stdout } = await box.run(factsScript("test", { ...noQuestions, paths: ["/opt"], modules: ["no-such"] }));
    const facts = parseFacts(stdout);
    expect([facts.pending, facts.generation, [...facts.modules]]).toEqual([undefined, "none", []]);
    expect(facts.paths.get("/opt")?.type).toBe("directory");
  });

  test("say of a change that is not pending that it is not", async () => {
    expect(await code(commitScript("a1"))).toBe(outcomes.notPending);
    expect(await code(undoScript("a1"))).toBe(0);
  });

  test("make it, confirm it and remember it, with its probes", async () => {
    const { script, manifest } = change({ token: "a1", content: "one", probes: ["true", "false"] });
    expect(await code(script)).toBe(outcomes.applied);
    expect(parseFacts((await box.run(factsScript("test", noQuestions))).stdout).pending).toMatchObject({
      owner: "test",
      token: "a1",
      verdict: undefined,
    });
    expect(await code(commitScript("b2"))).toBe(outcomes.notPending);
    expect(await code(commitScript("a1"))).toBe(outcomes.committed);
    expect(await code(commitScript("a1"))).toBe(outcomes.notPending);
    expect(await box.say("cd /var/lib/podnet; ls; cat test/manifest.sum")).toBe(`README\nboot.sh\ntest\n${manifest}\n`);
  });

  test("make one that waits for nobody in its own exec", async () => {
    const previous = change({ token: "a1", content: "one" }).manifest;
    const { script } = change({ token: "b2", content: "two", before: "one", previous, confirmed: false });
    expect(await code(script)).toBe(outcomes.committed);
    expect(await file()).toBe("two");
    expect(await code(script)).toBe(outcomes.outdated);
  });

  test("take one back of which a step fails, with the tool's words", async () => {
    const previous = change({ token: "b2", content: "two" }).manifest;
    const wanted = { token: "c3", content: "three", before: "two", previous, more: failing };
    for (const confirmed of [true, false]) {
      const result = await box.run(change({ ...wanted, confirmed }).script);
      expect(result.code).toBe(outcomes.undone);
      expect(result.stdout).toMatch(/iptables.*no-such-chain[\s\S]*chain/i);
      expect(await file()).toBe("two");
      expect(await box.say("ls /var/lib/podnet /run/podnet")).not.toContain("pending");
    }
  });

  test("take one back of which a probe fails, or that somebody undoes", async () => {
    const previous = change({ token: "b2", content: "two" }).manifest;
    const wanted = { token: "d4", content: "four", before: "two", previous, probes: ["[ ! -e /opt/broken ]"] };
    expect(await code(change(wanted).script)).toBe(outcomes.applied);
    await box.say("touch /opt/broken");
    const result = await box.run(commitScript("d4"));
    expect(result).toMatchObject({ code: outcomes.probeFailed, stdout: "[ ! -e /opt/broken ]\n" });
    expect(await file()).toBe("four");
    expect(await code(undoScript("d4"))).toBe(0);
    expect(await file()).toBe("two");
  });

  test("do not begin one that nobody waits for any more", async () => {
    const previous = change({ token: "b2", content: "two" }).manifest;
    expect(await code(abandonScript("e5"))).toBe(0);
    expect(await code(change({ token: "e5", content: "five", before: "two", previous }).script)).toBe(
      outcomes.outdated,
    );
    expect(await file()).toBe("two");
    expect(await box.say("ls -A /run/podnet/abandoned")).toBe("");
  });

  test("keep that mark for an hour, in which its script may still come", async () => {
    const again = { content: "two", before: "two", confirmed: false };
    const first = change({ token: "b2", content: "two" }).manifest;
    for (const token of ["c0", "c1"]) await box.run(abandonScript(token));
    expect(await box.say("find /run/podnet -perm /077")).toBe("");
    await box.say("echo $((0 - 3600)) > /run/podnet/abandoned/c0");
    const second = change({ ...again, token: "b3", previous: first });
    expect(await code(second.script)).toBe(outcomes.committed);
    expect(await box.say("ls /run/podnet /run/podnet/abandoned")).toBe(
      "/run/podnet:\nabandoned\n\n/run/podnet/abandoned:\nc1\n",
    );
    await box.say("echo $((0 - 3600)) > /run/podnet/abandoned/c1");
    expect(await code(change({ ...again, token: "b2", previous: second.manifest }).script)).toBe(outcomes.committed);
    expect(await box.say("ls -A /run")).not.toContain("podnet");
  });

  test("take back one that was pending at a reset, at the boot", async () => {
    const previous = change({ token: "b2", content: "two" }).manifest;
    expect(await code(change({ token: "f6", content: "six", before: "two", previous }).script)).toBe(outcomes.applied);
    await box.say("echo another > /var/lib/podnet/pending/boot; sh /var/lib/podnet/boot.sh");
    expect(await file()).toBe("two");
    expect(await box.say("ls /var/lib/podnet")).toBe("README\nboot.sh\ntest\n");
  });

  test("put back what was there, by hand", async () => {
    expect(await box.say("sh /var/lib/podnet/test/remove.sh force")).toBe("test is removed\n");
    expect((await box.run("ls -A /var/lib")).stdout).toBe("");
  });
});
