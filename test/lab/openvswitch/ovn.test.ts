import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { NodeState } from "../../../components";
import { complete as completeBridges } from "../../../components/openvswitch/complete";
import { hosts as bridgesOf } from "../../../components/openvswitch/host";
import { openVSwitchSettings } from "../../../components/openvswitch/settings";
import { complete } from "../../../components/ovn-kubernetes/complete";
import { hosts } from "../../../components/ovn-kubernetes/host";
import { residue } from "../../../components/ovn-kubernetes/residue";
import { ovnKubernetesSettings } from "../../../components/ovn-kubernetes/settings";
import type { Bed } from "../bed";
import { must } from "../handmade";
import type { PodsOn } from "../pods";
import { againstMtu } from "../wire";
import { answered, serve } from "./connections";
import { chassisIds, type PodPort, podCable, podOn, podPort, type Zone, zone } from "./ovnkube";
import { bridgeFlows, gateway, type Outside } from "./ovnkube-gateway";
import { policy, service, withoutPolicy } from "./ovnkube-policy";
import { inNode, names, ovsBed, pinged, reboot, seenOnCable, traces, withNics } from "./world";

// podnet prepares the nodes by the real engine and cleans them afterwards, with OVN itself between. OVN-Kubernetes'
// images are not in the lab: OVN is Debian's 23.03, whose units stand for the DaemonSet ovnkube-node, and ovnkube*.ts
// writes what ovnkube would. Each node is a zone of its own with interconnect, as podnet installs OVN-Kubernetes.

let place: Bed;
let zones: Zone[];
const found = new Map<string, string>();
const units = "ovn-host ovn-controller ovn-central ovn-northd ovn-ovsdb-server-nb ovn-ovsdb-server-sb";
const larger = 1500;

const settingsOf = () =>
  complete(
    "pods",
    ovnKubernetesSettings.parse({
      nodes: withNics(place),
      apiServer: `https://${place.lab.routers.a.ipv4}:6443`,
      kubeProxy: "absent",
      crds: "present",
      gateway: { bridge: "made" },
    }),
  );

/** What the component makes of the nodes, but in user space: the lab's kernel has no Open vSwitch. */
async function program() {
  const settings = settingsOf();
  const nodes = withNics(place);
  const inUserSpace = { nodes, datapath: "netdev", bridges: { [settings.gateway.interface]: { uplink: true } } };
  const bridges = bridgesOf(completeBridges("pods", openVSwitchSettings.parse(inUserSpace)));
  for (const { name, connection } of nodes.nodes)
    new NodeState(`pods-${name}`, {
      node: name,
      owner: "pods",
      connection: connection as never,
      state: { ...hosts(settings)[name], ...bridges[name], modules: [] },
      windowSeconds: 90,
    });
}

beforeAll(async () => {
  place = await ovsBed("ovn", names, ["ovn-common", "ovn-central", "ovn-host"]);
  await onAll(`systemctl stop ${units}; ovs-vsctl --if-exists del-br br-int
for key in $(ovs-vsctl get Open_vSwitch . other_config | grep -o 'ovn-chassis-idx-[^=]*'); do
  ovs-vsctl remove Open_vSwitch . other_config $key
done
rm -rf /var/lib/ovn /var/log/ovn /etc/ovn /run/ovn`);
  for (const name of names) found.set(name, await place.lab.snapshot(name));
});
afterAll(() => place?.end());

const onAll = (script: string | ((own: Zone) => string)) =>
  Promise.all(
    names.map((name, index) =>
      must(place.lab, name, typeof script === "string" ? script : script(zones[index] as Zone)),
    ),
  );
const zoneOf = (name: string) => zones.find((one) => one.name === name) as Zone;

/** A pod whose NIC would take larger packets than the network. */
async function start(pod: PodPort): Promise<void> {
  await must(place.lab, pod.node.name, podPort(pod));
  await must(place.lab, pod.node.name, podCable(pod, larger));
}

/** What the node's bridge is outside. */
async function outside({ name }: Zone): Promise<Outside> {
  const look = `ip -br -4 address show dev br-ex | awk '{ print $3 }'; cat /sys/class/net/br-ex/address
ip route show default | awk '{ print $3 }'`;
  const [address = "", mac = "", nextHop = ""] = (await inNode(place.lab, name, look)).split("\n");
  return { address, mac, nextHop };
}

/** Writes the bridge's flows, once ovn-controller has joined it to br-int. */
async function steer(own: Zone): Promise<void> {
  const joined = `ovs-vsctl --timeout=100 wait-until Interface patch-br-ex_${own.name}-to-br-int 'ofport>0'`;
  await must(place.lab, own.name, `${joined}\n${bridgeFlows(own, await outside(own))}`);
}

const podsOn: PodsOn = async (_, nodes) =>
  nodes.map((name) => {
    const { address } = podOn(zoneOf(name), "pod");
    return { node: name, name: "pod", addresses: [address] };
  });
const lost = async () => {
  const results = await place.lab.pingMatrix(await podsOn(place.lab, names));
  return results.filter(({ reached }) => !reached).map(({ from, address }) => `${from.node} → ${address}`);
};

describe.sequential("OVN on nodes that podnet prepares", () => {
  test("each node's NIC moves into the bridge, and the node is found fit", async () => {
    place.program.run = program;
    const { stdout } = await place.stack.up();
    expect(stdout).toContain("confirmed");
    for (const { name, addresses } of place.lab.nodes) {
      expect(await inNode(place.lab, name, "ip -br -4 address show dev br-ex")).toContain(`${addresses.ipv4}/`);
      expect(await inNode(place.lab, name, "systemctl is-active podnet-pods-node-is-fit")).toBe("active");
    }
  });

  test("pods of three zones reach each other", async () => {
    zones = await Promise.all(
      place.lab.nodes.map(async ({ name, addresses }, index) => ({
        name,
        id: index + 1,
        address: addresses.ipv4,
        chassis: await inNode(place.lab, name, "ovs-vsctl get Open_vSwitch . external_ids:system-id | tr -d '\"'"),
      })),
    );
    await onAll((own) => {
      const ids = Object.entries(chassisIds(own, "netdev")).map(([key, value]) => `external_ids:${key}=${value}`);
      return `mkdir -p /var/lib/ovn /var/log/ovn /etc/ovn /run/ovn; ovs-vsctl set Open_vSwitch . ${ids.join(" ")}
systemctl start ovn-central ovn-host
turn=0; until ovn-nbctl --timeout=10 show 2>/dev/null; do
  turn=$((turn + 1)); [ $turn -lt 120 ] || exit 1; sleep 0.5
done`;
    });
    await onAll((own) =>
      zone(
        own,
        zones.filter((one) => one !== own),
      ),
    );
    for (const { name } of zones) await start(podOn(zoneOf(name), "pod"));
    await expect.poll(lost, { timeout: 180_000, interval: 1000 }).toEqual([]);
  });

  test("packets between nodes are Geneve's of the transit switch, with OVN's option, from bridge to bridge", async () => {
    const [one, two] = zones.map(({ address }) => address.replaceAll(".", "\\."));
    const inner = "IP 10\\.244\\.1\\.10 > 10\\.244\\.2\\.10";
    const frame = new RegExp(`${one}\\.\\d+ > ${two}\\.6081: Geneve.*vni 0xff0003, options \\[8 bytes\\]: ${inner}`);
    const frames = await seenOnCable(place.lab, "node1", "udp port 6081", frame, () =>
      place.lab.inPod("node1", "pod", `ping -q -c 5 -i 0.3 ${podOn(zoneOf("node2"), "pod").address}`),
    );
    expect(frames).toMatch(frame);
  });

  test("the largest packet between pods is the component's mtu, to the byte", async () => {
    expect(settingsOf().mtu).toBe(1442);
    expect(await againstMtu(place.lab, names, settingsOf().mtu, podsOn)).toEqual([]);
  });

  test("pods reach the outside by the bridge with their node's address, and the node itself answers once", async () => {
    for (const own of zones) {
      await must(place.lab, own.name, gateway(own, await outside(own)));
      await steer(own);
    }
    const { ipv4 } = place.lab.routers.a;
    // ovn-controller has yet to write the routers' flows, and to learn who is outside.
    const answers = async () => (await place.lab.inPod("node1", "pod", `ping -q -c 1 -W 5 ${ipv4}`)).code;
    await expect.poll(answers, { timeout: 180_000 }).toBe(0);
    const packets = await seenOnCable(place.lab, "node1", "icmp", /echo reply/, () =>
      place.lab.inPod("node1", "pod", `ping -q -c 5 -i 0.3 ${ipv4}`),
    );
    expect(packets).toContain(`${zones[0]?.address} > ${ipv4}: ICMP echo request`);
    expect(packets).toContain(`${ipv4} > ${zones[0]?.address}: ICMP echo reply`);
    expect(packets).not.toContain("10.244.");
    const said = await pinged(place.lab, "node2", `${zones[0]?.address}`);
    expect(said).toContain("3 received");
    expect(said).not.toContain("duplicates");
    await expect.poll(lost, { timeout: 180_000, interval: 1000 }).toEqual([]);
  });

  test("a policy that denies by default lets one pod's connections and their answers pass, and nothing else", async () => {
    const web = podOn(zoneOf("node1"), "web", 11);
    await start(web);
    for (const port of [80, 81]) await serve(place.lab, "node1", "web", port);
    await serve(place.lab, "node2", "pod", 90);
    const client = podOn(zoneOf("node2"), "pod");
    const connections = async () => ({
      allowed: await answered(place.lab, "node2", "pod", web.address, 80),
      otherPort: await answered(place.lab, "node2", "pod", web.address, 81),
      otherPod: await answered(place.lab, "node3", "pod", web.address, 80),
      ofItsNode: await answered(place.lab, "node1", "pod", web.address, 80),
      outwards: await answered(place.lab, "node1", "web", client.address, 90),
    });
    const all = { allowed: true, otherPort: true, otherPod: true, ofItsNode: true, outwards: true };
    await expect.poll(connections, { timeout: 180_000 }).toEqual(all);
    await must(place.lab, "node1", policy({ pod: web, from: [client], port: 80 }));
    const none = { allowed: true, otherPort: false, otherPod: false, ofItsNode: false, outwards: false };
    await expect.poll(connections, { timeout: 180_000 }).toEqual(none);
    await must(place.lab, "node1", withoutPolicy);
    await expect.poll(connections, { timeout: 180_000 }).toEqual(all);
  });

  test("a service answers by OVN alone, on another node than its pod's", async () => {
    expect(await answered(place.lab, "node3", "pod", "10.96.0.10", 8080)).toBe(false);
    await must(place.lab, "node3", service("node3", "10.96.0.10:8080", ["10.244.1.11:80"]));
    const served = () => answered(place.lab, "node3", "pod", "10.96.0.10", 8080);
    await expect.poll(served, { timeout: 180_000 }).toBe(true);
  });

  test("what OVN made in the node's Open vSwitch is no drift of podnet's", async () => {
    const { summary } = await place.stack.refresh();
    expect(Object.keys(summary.resourceChanges ?? {})).toEqual(["same"]);
    expect(Object.keys((await place.stack.up()).summary.resourceChanges ?? {})).toEqual(["same"]);
  });

  test("after a reboot the node is as podnet prepared it, and pods reach each other again", async () => {
    await reboot(place.lab, "node2");
    expect(await inNode(place.lab, "node2", "ip -br -4 address show dev br-ex")).toContain(`${zones[1]?.address}/`);
    await must(place.lab, "node2", podCable(podOn(zoneOf("node2"), "pod"), larger));
    await steer(zoneOf("node2"));
    await expect.poll(lost, { timeout: 180_000, interval: 1000 }).toEqual([]);
    expect(Object.keys((await place.stack.refresh()).summary.resourceChanges ?? {})).toEqual(["same"]);
  });

  test("destroy takes all of it away, and puts the NIC back", async () => {
    // The kubelet takes the pods' ends; of OVN's own nothing cleans up, as when a DaemonSet's pods are killed. The QoS row
    // without effect is OVN 23.03's, of which later code of OVN knows nothing; the datapath's entry is the lab's.
    await onAll(`systemctl stop 'web-*' 'pod-*'; for name in $(ip netns list | cut -d' ' -f1); do ip netns del $name; done
systemctl kill -s KILL ${units}; systemctl stop ${units}; systemctl reset-failed
ovs-vsctl remove Open_vSwitch . external_ids ovn-bridge-datapath-type -- clear Port br-ex qos -- --all destroy QoS`);
    const paths = residue(settingsOf()).paths.join(" ");
    const ofOvn = `ls -d ${paths} 2>/dev/null; ovs-vsctl list-br
ovs-vsctl --columns=external_ids,other_config list Open_vSwitch | grep -o 'ovn-[^=]*'`;
    const there = ["/var/lib/ovn", "br-int", "br-ex", "ovn-remote", "ovn-bridge-mappings", "ovn-chassis-idx-"];
    for (const thing of there) expect(await inNode(place.lab, "node1", ofOvn)).toContain(thing);
    await place.stack.destroy();
    for (const name of names) {
      expect(await traces(place.lab, name, found.get(name) ?? ""), name).toEqual([]);
      expect(await inNode(place.lab, name, ofOvn), name).toBe("");
    }
    expect(await inNode(place.lab, "node1", "ip -br -4 address show dev eth0")).toContain(`${zones[0]?.address}/`);
  });
});
