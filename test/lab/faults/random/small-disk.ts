import { readdirSync, readlinkSync } from "node:fs";
import type { Lab } from "../../../../lab";

const place = "/var/lib/podnet";

/** A disk of its own for podnet's part of a node: it can be filled without filling this machine's. */
export class SmallDisk {
  private constructor(
    private readonly lab: Lab,
    private readonly node: string,
    /** Where it is seen from outside of the node. */
    readonly folder: string,
  ) {}

  static async mount(lab: Lab, node: string): Promise<SmallDisk> {
    const { stdout } = await lab.exec(
      node,
      `mkdir -p ${place} && mount -t tmpfs -o size=1m,mode=700 tmpfs ${place} && readlink /proc/1/ns/mnt`,
    );
    const init = processIn(stdout.trim());
    if (init === undefined) throw new Error(`no process of ${node} is seen here: ${stdout}`);
    return new SmallDisk(lab, node, `/proc/${init}/root${place}`);
  }

  async fill(): Promise<void> {
    await this.lab.exec(this.node, `dd if=/dev/zero of=${place}/.fill bs=4k`);
  }

  async free(): Promise<void> {
    await this.lab.exec(this.node, `rm -f ${place}/.fill`);
  }

  async unmount(): Promise<void> {
    // Somebody who is about to end may still stand in it.
    const unmount = `for turn in $(seq 100); do mountpoint -q ${place} || break; umount ${place} || sleep 0.1; done`;
    await this.lab.exec(this.node, `${unmount}; rmdir ${place} 2>/dev/null`);
  }
}

/** The first process in a mount namespace, by its number here: the init of the node that has it. */
function processIn(namespace: string): number | undefined {
  const numbers = readdirSync("/proc").map(Number).filter(Number.isInteger);
  return numbers.sort((left, right) => left - right).find((pid) => namespaceOf(pid) === namespace);
}

function namespaceOf(pid: number): string | undefined {
  try {
    return readlinkSync(`/proc/${pid}/ns/mnt`);
  } catch {
    return undefined;
  }
}
