import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { OpenVSwitchArgs } from "../../../components";
import type { Bed } from "../bed";
import { must } from "../handmade";
import { tcpdump } from "../wire";
import { endpoints, fabric, host, inNode, ovsBed, reaches, seen, traces, underlay } from "./world";

let place: Bed;
const found = new Map<string, string>();
const nodes = ["node1", "node2"] as const;
const on1 = { nodes: ["node1"] };
const lacp = { lacp: "active", lacpTime: "fast" } as const;

/** Two bridges of one node joined by a bond, and a tunnel to the other node; `more` is of the first bridge. */
function bridges(more: Partial<OpenVSwitchArgs["bridges"][string]> = {}): OpenVSwitchArgs["bridges"] {
  const collector = place.lab.nodes[1]?.addresses.ipv4;
  return {
    ...underlay(nodes),
    "br-a": {
      ...on1,
      ports: {
        ha: { type: "nic" },
        hb: { type: "nic", qos: { maxRate: 4_000_000 } },
        span: { type: "nic" },
        bond0: { type: "bond", interfaces: ["d0", "d1"], ...lacp },
      },
      mirrors: { copies: { from: ["ha"], outputPort: "span" } },
      sflow: { targets: `${collector}:6343`, sampling: 1, pollingSeconds: 1 },
      netflow: { targets: `${collector}:2055`, activeTimeoutSeconds: 1 },
      ...more,
    },
    "br-b": { ...on1, ports: { hc: { type: "nic" }, bond1: { type: "bond", interfaces: ["e0", "e1"], ...lacp } } },
    "br-t": {
      tunnels: {
        tn: {
          protocol: "vxlan",
          key: 9,
          endpoints: endpoints(nodes),
          bfd: {},
          cfm: { mpid: { node1: 1, node2: 2 }, intervalMs: 300 },
        },
      },
    },
  };
}

beforeAll(async () => {
  place = await ovsBed("ovswatch", nodes);
  for (const [index, port] of ["ha", "hb", "hc", "span"].entries())
    await host(place.lab, "node1", port, `10.30.0.${index + 1}/24`);
  await place.lab.exec("node1", "for n in 0 1; do ip link add d$n type veth peer name e$n; done");
  for (const node of nodes) found.set(node, await place.lab.snapshot(node));
});
afterAll(() => place?.end());

const value = (words: string) => inNode(place.lab, "node1", `ovs-vsctl ${words}`);
const tunnel = "tn-0a4d0002";

/** Seconds that a megabyte takes from one host to another, once they are connected. */
async function seconds(from: string, address: string, to: string): Promise<number> {
  const receive = `import socket; s = socket.create_server(("", 5000)); c = s.accept()[0]
while c.recv(65536): pass`;
  const send = `import socket, time
end = time.time() + 30
while True:
  try: s = socket.create_connection(("${address}", 5000)); break
  except OSError:
    if time.time() > end: raise
    time.sleep(0.1)
t = time.time(); s.sendall(b"x" * 1000000); s.shutdown(1); s.recv(1); print(time.time() - t)`;
  const both = `ip netns exec ${to} timeout 90 python3 -c '${receive}' & ip netns exec ${from} python3 -c '${send}'; wait`;
  const said = await inNode(place.lab, "node1", both);
  if (said === "") throw new Error("the megabyte did not get through");
  return Number(said);
}

/** How many datagrams a node receives on a port while pings go from one host to another, and until there are enough. */
async function received(port: number, enough: number): Promise<number> {
  const words = `${tcpdump} -i eth0 udp dst port ${port}`;
  const pings = () => inNode(place.lab, "node1", "ip netns exec ha ping -q -c 20 -i 0.2 -W 1 10.30.0.2");
  // A flow is over after 10 s.
  const text = await seen(place.lab, "node2", words, new RegExp(`(.*\\n){${enough}}`), pings);
  return text.split("\n").filter(Boolean).length;
}

describe.sequential("what shapes and watches a bridge", () => {
  test("hosts reach each other by a bond that LACP agreed on, and by its other half when one is cut", async () => {
    place.program.run = fabric(place, { bridges: bridges() });
    await place.stack.up();
    await expect
      .poll(() => inNode(place.lab, "node1", "ovs-appctl bond/show bond0"), { timeout: 180_000 })
      .toMatch(/lacp_status: negotiated/);
    await expect.poll(() => reaches(place.lab, "node1", "ha", "10.30.0.3"), { timeout: 180_000 }).toBe(true);
    await place.lab.exec("node1", "ip link set e0 down");
    await expect.poll(() => reaches(place.lab, "node1", "ha", "10.30.0.3"), { timeout: 180_000 }).toBe(true);
    await place.lab.exec("node1", "ip link set e0 up");
  });

  test("a mirror's port gets what its source sends", async () => {
    const copy = /10\.30\.0\.1 > 10\.30\.0\.2: ICMP echo request/;
    const copies = await seen(place.lab, "node1", `ip netns exec span ${tcpdump} -i in icmp`, copy, () =>
      reaches(place.lab, "node1", "ha", "10.30.0.2"),
    );
    expect(copies).toMatch(copy);
    expect(copies).not.toContain("10.30.0.2 > 10.30.0.1");
  });

  test("a port with a rate is as slow as it says: a megabyte at 4 Mbit/s takes two seconds", async () => {
    // What stands still on a busy machine makes any one transfer longer, and none shorter.
    const slow: number[] = [];
    const limited = async () => {
      slow.push(await seconds("ha", "10.30.0.2", "hb"));
      return Math.min(...slow);
    };
    await expect.poll(limited, { timeout: 180_000 }).toBeLessThan(15);
    const least = Math.min(...slow);
    expect(least).toBeGreaterThan(1.5);
    await expect.poll(() => seconds("hb", "10.30.0.1", "ha"), { timeout: 180_000 }).toBeLessThan(least / 2);
  });

  test("a collector on another node receives sFlow and NetFlow", async () => {
    expect(await received(6343, 3)).toBeGreaterThan(2);
    expect(await received(2055, 1)).toBeGreaterThan(0);
  });

  test("a collector on another node receives IPFIX of its domain, with the addresses that are pinged", async () => {
    const collector = `${place.lab.nodes[1]?.addresses.ipv4}:4739`;
    place.program.run = fabric(place, {
      bridges: bridges({ ipfix: { targets: collector, sampling: 1, domainId: 7 } }),
    });
    await place.stack.up();
    const collect = `import socket, struct, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.bind(("", 4739)); print("listening on 4739", file=sys.stderr)
pinged = socket.inet_aton("10.30.0.1") + socket.inet_aton("10.30.0.2")
while True:
  message = s.recv(9000)
  version, length, _, _, domain = struct.unpack("!HHIII", message[:16])
  if pinged in message: print(version, length == len(message), domain); break`;
    const message = await seen(place.lab, "node2", `python3 -u -c '${collect}'`, /\n/, () =>
      inNode(place.lab, "node1", "ip netns exec ha ping -q -c 10 -i 0.2 -W 1 10.30.0.2"),
    );
    expect(message).toBe("10 True 7\n");
  });

  test("over TLS the database obeys who has the certificate that is trusted, and nobody else", async () => {
    const folder = "/etc/openvswitch/tls";
    const make = `set -e; mkdir -p ${folder}; cd ${folder}
for name in switch manager stranger; do
  openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=$name -keyout $name.key -out $name.crt
done 2>/dev/null
tar c . | base64 -w 0`;
    const files = await must(place.lab, "node1", make);
    await must(place.lab, "node2", `mkdir -p ${folder}; echo ${files} | base64 -d | tar x -C ${folder}`);
    place.program.run = fabric(place, {
      bridges: bridges(),
      managers: "pssl:6640",
      ssl: {
        privateKey: `${folder}/switch.key`,
        certificate: `${folder}/switch.crt`,
        caCertificate: `${folder}/manager.crt`,
      },
    });
    await place.stack.up();
    const asked = (name: string) => {
      const keys = `-p ${folder}/${name}.key -c ${folder}/${name}.crt -C ${folder}/switch.crt`;
      const database = `ssl:${place.lab.nodes[0]?.addresses.ipv4}:6640`;
      return inNode(place.lab, "node2", `ovs-vsctl --timeout=5 ${keys} --db=${database} list-br`);
    };
    await expect.poll(() => asked("manager"), { timeout: 180_000 }).toContain("br-a");
    expect(await asked("stranger")).toBe("");
  });

  test("BFD and CFM see the other end of a tunnel, and that it is gone", async () => {
    const state = () => value(`get Interface ${tunnel} bfd_status:state`);
    const fault = () => value(`get Interface ${tunnel} cfm_fault`);
    await expect.poll(state, { timeout: 180_000 }).toBe("up");
    await expect.poll(fault, { timeout: 180_000 }).toBe("false");
    await place.lab.exec("node2", "ip link set eth1 down");
    await expect.poll(state, { timeout: 180_000 }).toBe("down");
    await expect.poll(fault, { timeout: 180_000 }).toBe("true");
    await place.lab.exec("node2", "ip link set eth1 up");
  });

  test("without its controller a secure bridge forwards nothing, and with it what the controller says", async () => {
    const secure = { failMode: "secure", controllers: { targets: "tcp:127.0.0.1:6653", maxBackoffMs: 1000 } } as const;
    await place.lab.exec("node1", "systemctl stop openvswitch-testcontroller; pkill ovs-testcont; true");
    place.program.run = fabric(place, { bridges: bridges(secure) });
    await place.stack.up();
    expect(await reaches(place.lab, "node1", "ha", "10.30.0.2")).toBe(false);
    await place.lab.exec("node1", "ovs-testcontroller --detach ptcp:6653:127.0.0.1 </dev/null >/dev/null 2>&1");
    await expect.poll(() => value("get Controller br-a is_connected"), { timeout: 180_000 }).toBe("true");
    await expect.poll(() => reaches(place.lab, "node1", "ha", "10.30.0.2"), { timeout: 180_000 }).toBe(true);
    await place.lab.exec("node1", "pkill ovs-testcont");
  });

  test("each of them is undone by itself, and destroy leaves none of their rows", async () => {
    const tables = "QoS Mirror sFlow NetFlow IPFIX Manager SSL Controller";
    const rows = `for table in ${tables}; do ovs-vsctl --bare --columns=_uuid list $table; done`;
    const [{ ports = {} } = {}] = [bridges()["br-a"]];
    const plain = {
      ports: { ...ports, hb: { type: "nic" } },
      mirrors: {},
      sflow: undefined,
      netflow: undefined,
    } as const;
    place.program.run = fabric(place, { bridges: bridges(plain as never) });
    await place.stack.up();
    expect(await inNode(place.lab, "node1", rows)).toBe("");
    await place.stack.destroy();
    for (const node of nodes) expect(await traces(place.lab, node, found.get(node) ?? ""), node).toEqual([]);
  });
});
