import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { hosts } from "../../../components/calico-hosts/host";
import { nodeState } from "../../../components/node/state";
import { casesIn, golden } from "../golden";
import { rack, read, type Written } from "./read";

test.each(casesIn<Written>(join(__dirname, "cases")))("$name: settings in, the nodes' states out", (one) => {
  const states = hosts(read(one.settings));
  for (const state of Object.values(states)) expect(nodeState.safeParse(state).error).toBeUndefined();
  const { got, expected } = golden(
    one,
    Object.entries(states).map(([node, state]) => ({ node, ...state })),
  );
  expect(got).toBe(expected);
});

const plain: Written = {
  nodes: rack,
  orchestrator: { type: "hosts", interfaces: { node1: "eth0" } },
  datastore: { type: "etcd", endpoints: ["http://198.18.0.5:2379"] },
};
const unit = (written: Written, node: string, name: string) =>
  hosts(read(written))[node]?.units?.find((one) => one.name === name)?.content;

test("a change of the configuration starts the daemon again, and nothing else does", () => {
  const changed = unit({ ...plain, felix: { logSeverity: "Debug" } }, "node1", "calico-felix.service");
  expect(changed).not.toBe(unit(plain, "node1", "calico-felix.service"));
  const other = { ...plain, otherRanges: { vpn: "10.8.0.0/16" } };
  expect(unit(other, "node1", "calico-felix.service")).toBe(unit(plain, "node1", "calico-felix.service"));
});

test("one node writes policy, and takes it out of etcd only when podnet removes it", () => {
  const name = "podnet-edge-policy.service";
  expect(unit(plain, "node2", name)).toBeUndefined();
  expect(unit({ ...plain, configureOn: "node2" }, "node2", name)).toContain(
    'is-enabled podnet-edge-policy.service 2>/dev/null)" != disabled ]',
  );
});

test("plain hosts' Felix has a datastore that is ready, also without policy; OpenStack's is Neutron's to make so", () => {
  const file = (written: Written) =>
    hosts(read(written)).node1?.files?.find(({ path }) => path === "/etc/calico/podnet-edge.yaml")?.content;
  expect(file({ ...plain, orchestrator: { type: "hosts" } })).toContain("kind: Node\nmetadata:\n  name: node1\n");
  expect(file({ ...plain, orchestrator: { type: "openstack", controllers: ["node2"] } })).toBeUndefined();
});

test("BIRD knows route reflectors and no other, so that a node's state does not grow with the cluster", () => {
  const cluster = (count: number): Written => ({
    nodes: {
      segments: { a: { subnets: ["198.18.0.0/16"] } },
      nodes: Object.fromEntries(
        Array.from({ length: count }, (_, index) => [
          `node${index}`,
          { connection: { host: `198.18.${Math.floor(index / 200)}.${(index % 200) + 1}` } },
        ]),
      ),
    },
    orchestrator: { type: "openstack", controllers: ["node0"], bgp: { routeReflectors: ["node0", "node1"] } },
    datastore: { type: "etcd", endpoints: ["http://198.19.0.5:2379"] },
  });
  expect(hosts(read(cluster(400))).node2).toEqual(hosts(read(cluster(3))).node2);
});

describe("what Calico leaves on a node is taken away when podnet removes it", () => {
  const openstack: Written = {
    nodes: rack,
    orchestrator: { type: "openstack", controllers: ["node1"], bgp: { routeReflectors: ["node1"] } },
    datastore: { type: "etcd", endpoints: ["http://198.19.0.5:2379"] },
  };
  const docker: Written = {
    nodes: rack,
    orchestrator: { type: "docker" },
    legacy: true,
    podCidr: "10.244.0.0/16",
    datastore: { type: "etcd", members: ["node1"] },
  };
  const state = (written: Written, node = "node2") => hosts(read(written))[node] ?? {};
  const script = (written: Written) =>
    (state(written).files?.find(({ path }) => path === "/etc/podnet/edge-clean.sh")?.content ?? "").split("\n");

  test.each<[string, Written, string]>([
    ["plain hosts", plain, "calico-felix.service"],
    ["OpenStack", openstack, "calico-felix.service podnet-edge-bird.service"],
    ["Docker", docker, "podnet-edge-calico-node.service"],
  ])(
    "%s: chains, sets and interfaces, after its daemons have ended, and only when podnet removes it",
    (_, written, daemons) => {
      const lines = script(written);
      const at = (part: string) => lines.findIndex((line) => line.includes(part));
      expect(lines[2]).toContain('podnet-edge-clean.service 2>/dev/null)" != disabled ]; then exit 0; fi');
      expect(lines).toContain(`for unit in ${daemons}; do`);
      const order = ["systemctl stop", "calico-felix|calico-node", "/^:cali-/", "ipset destroy", "ip link delete"].map(
        at,
      );
      expect(order).toEqual(order.toSorted((one, other) => one - other));
      expect(order).not.toContain(-1);
      expect(() => execFileSync("sh", ["-n"], { input: lines.join("\n") })).not.toThrow();
      // The last unit is removed first.
      expect(state(written).units?.at(-1)?.name).toBe("podnet-edge-clean.service");
    },
  );

  test("routes go within Calico's own range, and of BIRD beside Felix those that it knows for its own", () => {
    const routes = (written: Written) => script(written).filter((line) => /route|birdc|persist|tunl0/.test(line));
    expect(routes(plain)).toEqual([]);
    expect(routes(docker)).toEqual([
      "    tunl0) ip address flush dev tunl0; ip link set tunl0 down ;;",
      "ip -4 route flush root 10.244.0.0/16 proto 80 2>/dev/null",
      "ip -4 route flush root 10.244.0.0/16 proto 12 2>/dev/null",
    ]);
    expect(routes(openstack)).toEqual([
      "sed '/^ *persist;$/d' /etc/bird/podnet-edge.conf > /run/bird/podnet-edge-last.conf",
      `/usr/sbin/birdc -s /run/bird/podnet-edge.ctl configure '"/run/bird/podnet-edge-last.conf"' >/dev/null || echo "routes of BIRD stay" >&2`,
    ]);
    const bird = state(openstack).files?.find(({ path }) => path === "/etc/bird/podnet-edge.conf")?.content ?? "";
    expect(bird.split("\n").filter((line) => /^ *persist;$/.test(line))).toHaveLength(1);
  });

  test("a Felix of the package's own, which is back before, goes on and keeps its chains", () => {
    const folder = mkdtempSync(join(tmpdir(), "podnet-felix-"));
    const input = script(plain)
      .join("\n")
      .replaceAll("/etc/systemd/system", folder)
      .replaceAll("/var/run/calico", join(folder, "run"))
      // A lab's Felix on this machine is none of the node's.
      .replaceAll("/proc/[0-9]*/comm", join(folder, "comm"));
    const ways = ["", "-nft", "-legacy"].flatMap((way) => [`iptables${way}`, `ip6tables${way}`]);
    const tools = ["ip", "nft", "ipset", ...ways.flatMap((way) => [`${way}-save`, `${way}-restore`])];
    for (const tool of tools)
      writeFileSync(join(folder, tool), `#!/bin/sh\necho ${tool} >> ${folder}/log\n`, { mode: 0o755 });
    const does = (active: number) => {
      const answers = `is-enabled) echo disabled ;; stop) echo "stop $2" >> ${folder}/log ;; *) exit ${active} ;;`;
      writeFileSync(join(folder, "systemctl"), `#!/bin/sh\ncase $1 in ${answers} esac\n`, { mode: 0o755 });
      writeFileSync(join(folder, "log"), "");
      execFileSync("/bin/sh", ["-s"], { input, env: { PATH: `${folder}:/usr/bin:/bin` } });
      return readFileSync(join(folder, "log"), "utf8").split("\n");
    };
    expect(does(0)).toEqual([""]);
    writeFileSync(join(folder, "calico-felix.service"), unit(plain, "node1", "calico-felix.service") ?? "");
    const done = does(3);
    expect(done[0]).toBe("stop calico-felix.service");
    expect(done).toContain("ipset");
    rmSync(folder, { recursive: true });
  });

  test("a controller has none of it, but where it passes routes on", () => {
    expect(state(openstack, "node1").units?.at(-1)?.name).toBe("podnet-edge-clean.service");
    const [content = ""] = (state(openstack, "node1").files ?? [])
      .filter(({ path }) => path.endsWith("-clean.sh"))
      .map((file) => file.content);
    expect(content).toContain("for unit in podnet-edge-bird.service; do");
    expect(content).not.toContain("cali-");
    const without: Written = { ...openstack, orchestrator: { type: "openstack", controllers: ["node1"] } };
    expect(state(without, "node1").units?.map(({ name }) => name)).toEqual(["podnet-edge-neutron.service"]);
  });

  test("folders that are podnet's own go with what is in them", () => {
    const purged = (written: Written, node: string) =>
      state(written, node)
        .directories?.filter(({ purge }) => purge)
        .map(({ path }) => path);
    expect(purged(docker, "node1")).toEqual(["/var/lib/etcd/podnet-edge", "/var/log/calico"]);
    expect(purged(docker, "node2")).toEqual(["/var/log/calico"]);
    expect(purged(plain, "node1")).toEqual([]);
  });
});
