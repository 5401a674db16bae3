import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ContivNetwork, NuageNetwork } from "../../../components";
import { type Bed, bed } from "../bed";
import { must } from "../handmade";
import { contivImages, nuageImages } from "./legacy-programs";
import { giveRecorders, onCluster, said } from "./recorder";
import { kubectl } from "./web";
import { leftOn, settled } from "./world";

// Images of ours under upstream's names print what a container gets, as in recorded.test.ts. These networks prepare the
// node beside their pods, so that a destroy has to leave it as it was.

let place: Bed;
beforeAll(async () => {
  // netmaster is asked by the node's own curl.
  place = await bed("recorded-legacy", [{ name: "node1", kind: "kubernetes" }], ["curl"]);
  await giveRecorders(place.lab, "node1", [...contivImages, ...nuageImages]);
  // As on a cluster of kubeadm's, whose folders and label both networks count on; and with a plugin of others.
  await must(
    place.lab,
    "node1",
    "mkdir -p /etc/kubernetes/pki /var/lib/kubelet/pki && echo others > /opt/cni/bin/others && mkdir -p /etc/cni/net.d && echo others > /etc/cni/net.d/90-others",
  );
  await kubectl(place.lab, "label node node1 node-role.kubernetes.io/control-plane=");
});
afterAll(() => place?.end());

/** The lab's kernel has no Open vSwitch to load. */
const withoutModules: pulumi.ResourceTransformation = ({ type, props, opts }) => {
  if (type !== "podnet:index:NodeState") return undefined;
  const state = pulumi.output(props.state).apply((all: object) => ({ ...all, modules: [] }));
  return { props: { ...props, state }, opts };
};

const onNode = (script: string) => must(place.lab, "node1", script);
const inPod = (of: string, command: string) =>
  kubectl(place.lab, `exec -n kube-system ${of} -- /bin/busybox ${command}`);

/** Objects that are labelled as the network's, in its namespace and in the cluster. */
const objects = (system: string) => {
  const kinds = "daemonset,deployment,pod,service,configmap,secret,serviceaccount,clusterrole,clusterrolebinding";
  return kubectl(place.lab, `get ${kinds} -n kube-system -l app.kubernetes.io/name=${system} -o name`);
};

let found: string;
async function leaves(system: string): Promise<void> {
  expect(await objects(system)).not.toBe("");
  await place.stack.destroy();
  expect(await objects(system)).toBe("");
  expect(await leftOn(place.lab, "node1", found)).toEqual([]);
}

describe.sequential("Contiv's pods on a cluster", () => {
  test("netplugin gets its role, its settings, the store's address and the node's folders", async () => {
    found = await settled(place.lab, "node1");
    place.program.run = onCluster(place.lab, (provider) => {
      new ContivNetwork(
        "pods",
        {
          legacy: true,
          nodes: place.inventory(["node1"]),
          podCidr: "20.1.0.0/16",
          serviceCidr: "10.96.0.0/16",
          images: { netplugin: "registry.example.com/contiv/netplugin:head" },
        },
        { provider, transformations: [withoutModules] },
      );
    });
    await place.stack.up();
    const lines = await said(place.lab, "k8s-app=contiv-netplugin", "contiv-netplugin");
    expect(lines[0]).toBe("called /contiv/start ");
    for (const value of [
      "CONTIV_ROLE=netplugin",
      "CONTIV_NETPLUGIN_MODE=kubernetes",
      "CONTIV_NETPLUGIN_NET_MODE=vxlan",
      "CONTIV_NETPLUGIN_FORWARD_MODE=routing",
      "CONTIV_NETPLUGIN_VXLAN_PORT=4789",
      "CONTIV_NETPLUGIN_ETCD_ENDPOINTS=http://10.96.232.136:6666",
      '  "K8S_API_SERVER": "https://10.96.0.1:443",',
    ])
      expect(lines).toContain(`env ${value}`);
    expect(lines.join("\n")).toMatch(/env CONTIV_NETPLUGIN_VTEP_IP=198\.18\./);
    for (const mount of ["/var/run rw", "/var/contiv rw", "/var/log/contiv rw", "/lib/modules ro"])
      expect(lines).toContain(`mount ${mount}`);
  });

  test("what goes before it writes the network's configuration and puts the plugin on the node", async () => {
    const init = await said(place.lab, "k8s-app=contiv-netplugin", "contiv-netplugin-init");
    expect(init).toContain('env   "type": "contivk8s"');
    expect(init).toContain("mount /etc/cni/net.d rw");
    expect(init).toContain("mount /var/contiv rw");
    expect(await onNode("cat /opt/cni/bin/contivk8s /usr/local/sbin/netctl")).toContain("contivk8snetctl");
  });

  test("netmaster runs once, as itself, and is told of the networks of pods and hosts at its service's address", async () => {
    const lines = await said(place.lab, "k8s-app=contiv-netmaster", "contiv-netmaster");
    expect(lines.filter((line) => line.startsWith("called"))).toHaveLength(1);
    for (const value of [
      "CONTIV_ROLE=netmaster",
      "CONTIV_NETMASTER_INFRA=default",
      "CONTIV_NETMASTER_ETCD_ENDPOINTS=http://10.96.232.136:6666",
    ])
      expect(lines).toContain(`env ${value}`);
    const kept = (network: string) =>
      inPod("deployment/contiv-netmaster", `cat /kept_api_v1_networks_default:${network}_`);
    expect(JSON.parse(await kept("default-net"))).toMatchObject({ subnet: "20.1.0.0/16", encap: "vxlan" });
    expect(JSON.parse(await kept("contivh1"))).toMatchObject({ nwType: "infra", subnet: "132.1.1.0/24" });
  });

  test("etcd and Open vSwitch get theirs", async () => {
    const etcd = await said(place.lab, "k8s-app=contiv-etcd", "contiv-etcd");
    expect(etcd).toContain("env ETCD_LISTEN_CLIENT_URLS=http://0.0.0.0:6666");
    expect(etcd).toContain("env ETCD_ADVERTISE_CLIENT_URLS=http://10.96.232.136:6666");
    expect(etcd).toContain("mount /var/lib/etcd/contiv-data rw");
    const database = await said(place.lab, "k8s-app=contiv-ovs", "contiv-ovsdb-server");
    expect(database).toContain("mount /etc/openvswitch rw");
    expect(database).not.toContain("mount /lib/modules ro");
    const daemon = await said(place.lab, "k8s-app=contiv-ovs", "contiv-ovs-vswitchd");
    expect(daemon[0]).toBe("called /scripts/start-ovs-vswitchd.sh ");
    expect(daemon).toContain("mount /lib/modules ro");
  });

  test("what netmaster and the cluster answer is no drift", async () => {
    const { summary } = await place.stack.refresh();
    expect(Object.keys(summary.resourceChanges ?? {})).toEqual(["same"]);
    expect(Object.keys((await place.stack.up()).summary.resourceChanges ?? {})).toEqual(["same"]);
  });

  test("destroy takes all of it, and the node is as it was", () => leaves("contiv"));
});

describe.sequential("Nuage's pods on a cluster", () => {
  const nuage = (key: string) =>
    onCluster(place.lab, (provider) => {
      new NuageNetwork(
        "pods",
        {
          nodes: place.inventory(["node1"]),
          podCidr: "70.70.0.0/16",
          serviceCidr: "10.96.0.0/16",
          vsd: { address: "vsd.example.com", certificate: "of the user", key },
          vrs: { controllers: ["198.18.0.7", "198.18.0.8"] },
          monitor: { address: "198.18.0.3", nodes: ["node1"] },
        },
        { provider, transformations: [withoutModules] },
      );
    });
  const monitor = "daemonset/nuage-master-monitor-ds";
  const monitorPods = () => kubectl(place.lab, "get pods -n kube-system -l k8s-app=nuage-master-monitor-ds -o name");

  test("the monitor gets its settings, a token, and the VSD's user by a file and by nothing else", async () => {
    found = await settled(place.lab, "node1");
    place.program.run = nuage("of the door");
    await place.stack.up();
    const lines = await said(place.lab, "k8s-app=nuage-master-monitor-ds", "install-nuage-master-config");
    expect(lines[0]).toBe("called /configure-master.sh k8s");
    for (const value of [
      "KUBERNETES_NODE_NAME=node1",
      "vsdApiUrl: https://vsd.example.com:7443",
      "userKeyFile: /etc/nuage/vsd/user-key.pem",
      "    - cidr: 70.70.0.0/16",
    ])
      expect(lines).toContain(`env ${value}`);
    expect(lines.join("\n")).toMatch(/env NUAGE_TOKEN=ey\w/);
    for (const mount of [
      "/etc/nuage/vsd ro",
      "/etc/kubernetes/pki ro",
      "/usr/share/vsp-k8s rw",
      "/usr/share/nuagekubemon rw",
    ])
      expect(lines).toContain(`mount ${mount}`);
    expect(await inPod(monitor, "cat /etc/nuage/vsd/user-key.pem")).toBe("of the door");
    expect(lines.join("\n")).not.toMatch(/of the (door|user)/);
  });

  test("the switch gets its controllers, with networks as its sed takes them", async () => {
    const lines = await said(place.lab, "k8s-app=nuage-vrs-ds", "install-nuage-vrs");
    for (const value of [
      "NUAGE_ACTIVE_CONTROLLER=198.18.0.7",
      "NUAGE_STANDBY_CONTROLLER=198.18.0.8",
      'NUAGE_PLATFORM="kvm, k8s"',
      "NUAGE_K8S_POD_NETWORK_CIDR=70.70.0.0\\/16",
      "NUAGE_NETWORK_UPLINK_INTF=eth0",
    ])
      expect(lines).toContain(`env ${value}`);
    for (const mount of ["/var/run rw", "/sys/module ro", "/lib/modules ro"]) expect(lines).toContain(`mount ${mount}`);
  });

  test("the installer empties folders of its own, and what it writes comes to the node beside what others have there", async () => {
    const lines = await said(place.lab, "k8s-app=nuage-cni-ds", "install-nuage-cni");
    expect(lines[0]).toBe("called /install-cni.sh nuage-cni-k8s");
    expect(lines).toContain("env MASTER_API_SERVER_URL=https://10.96.0.1:443");
    expect(lines).toContain("env nuageMonRestServer: https://198.18.0.3:9443");
    for (const mount of ["/host/opt rw", "/host/etc rw", "/var/lib/kubelet/pki ro"])
      expect(lines).toContain(`mount ${mount}`);
    const publisher = await said(place.lab, "k8s-app=nuage-cni-ds", "publish-nuage-cni");
    for (const mount of ["/fenced/opt ro", "/fenced/etc ro", "/node/bin rw", "/node/net.d rw", "/node/default rw"])
      expect(publisher).toContain(`mount ${mount}`);
    const files = "/opt/cni/bin/nuage-cni-k8s /etc/default/nuage-cni.yaml /etc/cni/net.d/nuage-net.conf";
    await expect
      .poll(() => onNode(`cat ${files} /opt/cni/bin/others /etc/cni/net.d/90-others || true`), { timeout: 180_000 })
      .toBe("plugin\nsettings\nnetwork\nothers\nothers\n");
  });

  test("another key of the user is in another pod", async () => {
    const before = await monitorPods();
    place.program.run = nuage("of another door");
    await place.stack.up();
    await expect.poll(monitorPods, { timeout: 240_000 }).not.toContain(before);
    const key = () => inPod(monitor, "cat /etc/nuage/vsd/user-key.pem").catch(String);
    await expect.poll(key, { timeout: 240_000 }).toBe("of another door");
  });

  test("destroy takes all of it, and the node is as it was", async () => {
    await leaves("nuage");
    expect(await kubectl(place.lab, "get nodes -l install-monitor -o name")).toBe("");
  });
});
