import { afterEach, beforeEach, expect, test } from "vitest";
import { undoScript } from "../../../components/node/confirm-script";
import { leave } from "../../../components/node/node-text";
import { outcomes } from "../../../components/node/outcomes";
import { Box } from "./box";
import { change } from "./changes";

let box: Box;
beforeEach(async () => {
  box = await Box.open();
  // A systemd as far as the unit that runs at boot goes.
  const program = (name: string, line: string) =>
    `printf '#!/bin/sh\\n${line}\\n' > /opt/bin/${name}; chmod +x /opt/bin/${name}`;
  await box.say("mkdir -p /run/systemd/system /opt/bin /opt/units/multi-user.target.wants");
  await box.say(program("systemctl", 'echo "$*" >> /opt/calls; [ $1 != enable ] || touch $(readlink /opt/link)'));
  await box.say("ln -s /opt/units/multi-user.target.wants/podnet.service /opt/link");
});
afterEach(() => box.close());

const made = (token: string, previous?: string, broken = "") => {
  const { script, manifest } = change({
    token,
    content: "x",
    confirmed: false,
    previous,
    ...(previous && { before: "x" }),
  });
  const run = box.run(broken + script.replaceAll("/etc/systemd/system", "/opt/units"));
  return run.then(({ code }) => ({ code, manifest }));
};
const unit = () => box.say("cat /opt/units/podnet.service; stat -c %a /opt/units/podnet.service; ls /opt/units");

test("the unit that acts at boot comes before every service that starts pods", async () => {
  expect((await made("a1")).code).toBe(outcomes.committed);
  const text = await unit();
  for (const service of ["containerd", "docker", "crio", "kubelet", "k3s", "k3s-agent", "rke2-server", "rke2-agent"])
    expect(text).toMatch(new RegExp(`^Before=.*\\b${service}\\.service`, "m"));
  expect(text).toMatch(/\n644\nmulti-user\.target\.wants\npodnet\.service\n$/);
});

test("a unit of an older podnet is replaced, once, and stays when the disk does not take the other", async () => {
  const { manifest } = await made("a1");
  const current = await unit();
  const older = "echo older > /opt/units/podnet.service; sed -i 1s/.*/#/ /var/lib/podnet/boot.sh";
  await box.say(older);
  const full = await made(
    "b2",
    manifest,
    'systemctl() { return 1; }\nmv() { case $* in *units*) return 1 ;; *) command mv "$@" ;; esac; }\n',
  );
  expect(full.code).toBe(outcomes.unprepared);
  expect(await unit()).toMatch(/^older\n644\nmulti-user\.target\.wants\npodnet\.service\n$/);
  const next = await made("c3", manifest);
  expect(next.code).toBe(outcomes.committed);
  expect(await unit()).toBe(current);
  await box.say("rm /opt/calls");
  expect((await made("d4", next.manifest)).code).toBe(outcomes.committed);
  expect((await box.run("cat /opt/calls")).stdout).toBe("");
});

test("a reset while the unit is written leaves nothing of it once the change is undone", async () => {
  const cut = 'mv() { case $* in *units*) kill -9 $$ ;; *) command mv "$@" ;; esac; }\n';
  await made("a1", undefined, cut);
  expect(await box.say("ls /opt/units")).toContain("podnet.service.new");
  await box.say("sh /var/lib/podnet/pending/undo.sh asked");
  expect(await box.say("ls /opt/units")).toBe("multi-user.target.wants\n");
});

test("a disk that is read-only at the undo of the only change keeps it until the unit can go", async () => {
  await box.say("printf '#!/bin/sh\\n' > /opt/bin/systemd-run; chmod +x /opt/bin/systemd-run");
  const { script } = change({ token: "a1", content: "x" });
  expect((await box.run(script.replaceAll("/etc/systemd/system", "/opt/units"))).code).toBe(outcomes.applied);
  await box.say("mount --bind /opt/units /opt/units && mount -o remount,bind,ro /opt/units");
  const undo = undoScript("a1");
  expect((await box.run(undo)).stdout).toBe("not undone: /opt/units/podnet.service\n");
  await box.say("ls /var/lib/podnet/pending/undo.sh /opt/units/podnet.service");
  await box.say("umount /opt/units");
  expect(await box.run(undo)).toMatchObject({ code: 0, stdout: "" });
  expect(await box.say("ls -A /opt/units/* /opt/x /var/lib 2>&1 || true")).not.toMatch(/podnet/);
});

test("a disk that does not take that the unit is disabled, and then takes the rest, keeps no link to it", async () => {
  const { manifest } = await made("a1");
  expect(manifest).not.toBe("");
  await box.say(
    "rm /var/lib/podnet/test/manifest.json; mkdir /var/lib/podnet/pending; echo b2 > /var/lib/podnet/pending/token",
  );
  await box.say(leave("b2").join("\n").replaceAll("/etc/systemd/system", "/opt/units"));
  expect(await box.say("ls -A /opt/units /opt/units/multi-user.target.wants")).not.toContain("podnet");
});
