import { createHash } from "node:crypto";
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { WeaveNetwork, type WeaveNetworkArgs } from "../../../components";
import { type Bed, bed, failure } from "../bed";
import { must } from "../handmade";

const nodes = ["node1", "node2"];

/** Stands for the script of Weave's release, and notes how it is called and in which environment. */
const script = `#!/bin/sh
{ echo "weave $*"; env | grep -E '^(WEAVE|DOCKERHUB|CHECKPOINT)' | sort; } >> /root/calls
`;

/** Stands for Docker: a service, and a client whose "attach" lasts as long as weaver would. */
const docker = `cat > /usr/bin/docker <<'END'
#!/bin/sh
echo "docker $*" >> /root/calls
[ "$1" != attach ] || exec sleep 100000
END
chmod 755 /usr/bin/docker
cat > /etc/systemd/system/docker.service <<'END'
[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/bin/true
END
systemctl daemon-reload`;

let place: Bed;
let folder: string;
let artifact: { localPath: string; sha256: string };
const found = new Map<string, string>();

function network(args: Partial<WeaveNetworkArgs> = {}) {
  return async () => {
    const pods = new WeaveNetwork("pods", {
      mode: "docker",
      nodes: place.inventory(),
      // The lab's kernel has no Open vSwitch, by which fastdp goes.
      transport: { type: "sleeve" },
      password: pulumi.secret("of the door") as never,
      hosts: { weave: { artifact }, dns: { domain: "pods.weave.local." } },
      rollout: { windowSeconds: 90 },
      ...args,
    });
    return { ports: pods.ports };
  };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), "podnet-weave-"));
  artifact = { localPath: join(folder, "weave"), sha256: createHash("sha256").update(script).digest("hex") };
  writeFileSync(artifact.localPath, script);
  place = await bed(
    "weave-docker",
    nodes.map((name) => ({ name, segment: "a" as const, kind: "full" as const })),
  );
  for (const name of nodes) {
    await must(place.lab, name, docker);
    found.set(name, await place.lab.snapshot(name));
  }
});
afterAll(async () => {
  await place?.end();
  rmSync(folder, { recursive: true, force: true });
});

const on = async (node: string, script: string) => (await place.lab.exec(node, script)).stdout.trim();
const calls = async (node: string) => (await on(node, "cat /root/calls")).split("\n");
const forgetCalls = () => Promise.all(nodes.map((node) => on(node, "rm -f /root/calls")));
/** A unit is active as soon as its process is there, which has yet to say that it was called. */
const expectCalls = (node: string, ...wanted: unknown[]) =>
  expect.poll(() => calls(node), { timeout: 120_000 }).toEqual(expect.arrayContaining(wanted));
const addresses = () => place.lab.nodes.map((node) => node.addresses.ipv4);

describe.sequential("Weave beside Docker, up to the start of its binary", () => {
  test("a route of a node into the pods' range ends the change, and the node is as it was and reachable", async () => {
    await must(place.lab, "node2", `ip route add 10.40.0.0/16 via ${place.lab.routers.a.ipv4}`);
    place.program.run = network();
    const message = await failure(place.stack.up());
    await must(place.lab, "node2", "ip route del 10.40.0.0/16");
    expect(message).toContain("Job for podnet-pods-range-is-free.service failed");
    expect(await on("node2", "journalctl --no-pager")).toContain("a route leads into 10.32.0.0/12: 10.40.0.0/16 via");
    // What podnet keeps of its last change for whoever looks is gone with the next boot.
    const seen = (await place.lab.snapshot("node2")).replaceAll(/^\/run\/podnet.*\n/gm, "");
    expect(seen).toBe(found.get("node2"));
    await place.lab.waitForSsh("node2");
  });

  test("up starts weave on each node with its peers, its name and WeaveDNS, after Docker", async () => {
    await forgetCalls();
    place.program.run = network();
    await place.stack.up();
    const active = "systemctl is-active docker podnet-pods-weave podnet-pods-clean podnet-pods-range-is-free";
    for (const name of nodes) expect(await on(name, active)).toBe("active\nactive\nactive\nactive");
    // On the first node weave runs since the run before.
    await expectCalls("node2", "docker attach weave");
    const noted = await calls("node2");
    const launch = noted.find((line) => line.startsWith("weave launch")) ?? "";
    const [, , , last] = (addresses()[1] as string).split(".");
    const end = Number(last).toString(16).padStart(2, "0");
    expect(launch).toMatch(
      new RegExp(`--name=02:00(:[0-9a-f]{2}){3}:${end} --nickname=node2 --ipalloc-range=10.32.0.0/12 `),
    );
    expect(launch).toContain("--ipalloc-init=consensus=2");
    expect(launch).toContain("--dns-domain=pods.weave.local.");
    expect(launch.endsWith(` ${addresses().join(" ")}`)).toBe(true);
    expect(noted).toEqual(
      expect.arrayContaining([
        "CHECKPOINT_DISABLE=1",
        "DOCKERHUB_USER=rajchaudhuri",
        "WEAVE_MTU=1413",
        "WEAVE_NO_FASTDP=1",
        "WEAVE_PASSWORD=of the door",
        "WEAVE_VERSION=2.9.0",
      ]),
    );
  });

  test("the password is root's alone, and in no argument, no unit, no journal and no plain state", async () => {
    expect(await on("node1", "stat -c '%a %U' /etc/podnet/pods-weave-password.env")).toBe("600 root");
    const open = "cat /proc/[0-9]*/cmdline /etc/systemd/system/podnet-* | tr '\\0' ' '; journalctl --no-pager";
    expect(await on("node1", open)).not.toContain("of the door");
    const state = globSync(`${place.stack.workspace.workDir}/.pulumi/stacks/**/weave-docker.json`);
    expect(state).toHaveLength(1);
    expect(readFileSync(state[0] as string, "utf8")).not.toContain("of the door");
  });

  test("an unchanged up does nothing", async () => {
    const { summary } = await place.stack.up();
    expect(Object.keys(summary.resourceChanges ?? {})).toEqual(["same"]);
  });

  test("another password starts weave again on each node, and it has it", async () => {
    await forgetCalls();
    place.program.run = network({ password: pulumi.secret("another door") as never });
    await place.stack.up();
    for (const name of nodes)
      await expectCalls(name, expect.stringMatching(/^weave launch/), "WEAVE_PASSWORD=another door");
  });

  test("weave is started again when it ends, and after a reboot", async () => {
    await on("node1", "systemctl kill -s KILL podnet-pods-weave");
    await expect.poll(() => on("node1", "systemctl is-active podnet-pods-weave"), { timeout: 180_000 }).toBe("active");
    await place.lab.reboot("node2");
    await place.lab.waitForSsh("node2");
    await expect.poll(() => on("node2", "systemctl is-active podnet-pods-weave"), { timeout: 180_000 }).toBe("active");
  });

  test("destroy stops weave and Docker's containers of it, and leaves the nodes as they were", async () => {
    await forgetCalls();
    await place.stack.destroy();
    for (const name of nodes) {
      await expectCalls(name, "weave stop", "docker network rm weave");
      await on(name, "systemctl stop docker");
      expect(await place.lab.snapshot(name), name).toBe(found.get(name));
    }
  });
});
