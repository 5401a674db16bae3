import { setTimeout as sleep } from "node:timers/promises";
import type { Lab } from "../../../../lab";
import type { Plugin } from "../../../provider/plugin";
import type { Fault } from "./schedule";
import type { SmallDisk } from "./small-disk";

export interface Scene {
  lab: Lab;
  node: string;
  plugin: Plugin;
  disk: SmallDisk | undefined;
  /** Starts another run against the node, and waits for its end. */
  secondRun(owner: string): Promise<void>;
}

/** Lets something happen to a node or to who changes it; resolves when it is over. */
export async function happen(
  fault: Fault,
  seconds: number,
  { lab, node, plugin, disk, secondRun }: Scene,
): Promise<void> {
  switch (fault) {
    case "nothing":
      return;
    case "kill -9 of the provider":
      return plugin.signal("SIGKILL");
    case "death of the engine":
      return plugin.loseEngine();
    case "connection killed":
      return killConnections(lab, node);
    case "clock jump of the runner":
      return plugin.signal("SIGUSR2");
    case "cable cut":
    case "wrong switch port":
    case "SSH cut":
      await lab.cut(node, fault === "SSH cut" ? "ssh" : fault === "cable cut" ? "cable" : "port");
      await sleep(seconds * 1000);
      return lab.heal(node);
    case "hard reset":
      await lab.reboot(node, { hard: true });
      return lab.waitForSsh(node);
    case "read-only /etc":
      return readOnly(lab, node, "/etc", seconds);
    case "read-only /var/lib/podnet":
      return readOnly(lab, node, "/var/lib", seconds);
    case "disk full":
      await disk?.fill();
      await sleep(seconds * 1000);
      return disk?.free();
    case "another host key":
      await otherHostKey(lab, node);
      await sleep(seconds * 1000);
      return ownHostKey(lab, node);
    case "second run, same owner":
      return secondRun("test");
    case "second run, other owner":
      return secondRun("other");
  }
}

/** Every process of sshd that serves somebody: the listener stays, and so does what their scripts started. */
async function killConnections(lab: Lab, node: string): Promise<void> {
  const sessions = `ps -eo pid=,args= | awk '$2 == "sshd:" && $3 !~ /^\\/usr/ { print $1 }'`;
  await lab.exec(node, `for pid in $(${sessions}); do kill -9 $pid; done`);
}

const hostKey = "/etc/ssh/ssh_host_ed25519_key";
const restart = "systemctl restart ssh 2>/dev/null || systemctl restart sshd";

/** As if another machine answered in the node's place; what is logged in stays. */
async function otherHostKey(lab: Lab, node: string): Promise<void> {
  const kept = `mv ${hostKey} ${hostKey}.kept && mv ${hostKey}.pub ${hostKey}.pub.kept`;
  const { code, stderr } = await lab.exec(
    node,
    `${kept} && ssh-keygen -q -t ed25519 -N '' -f ${hostKey} </dev/null && { ${restart}; }`,
  );
  if (code !== 0) throw new Error(`no other host key: ${stderr}`);
}

async function ownHostKey(lab: Lab, node: string): Promise<void> {
  const { code, stderr } = await lab.exec(
    node,
    `mv ${hostKey}.kept ${hostKey} && mv ${hostKey}.pub.kept ${hostKey}.pub && { ${restart}; }`,
  );
  if (code !== 0) throw new Error(`not the own host key again: ${stderr}`);
}

async function readOnly(lab: Lab, node: string, path: string, seconds: number): Promise<void> {
  await lab.readOnly(node, path);
  await sleep(seconds * 1000);
  await lab.writable(node, path);
}
