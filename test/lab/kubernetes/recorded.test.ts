import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { RomanaNetwork, WeaveNetwork } from "../../../components";
import { type Bed, bed } from "../bed";
import { giveRecorders, onCluster, said } from "./recorder";
import { kubectl } from "./web";

// Upstream's images are not to be had here. Images of ours under their names print what a container gets: arguments,
// environment, mounts; so what a component promises is held against what runs, and not only against what is rendered.

let place: Bed;
beforeAll(async () => {
  place = await bed("recorded", [{ name: "node1", kind: "kubernetes" }]);
  await giveRecorders(place.lab, "node1", [
    {
      names: ["docker.io/rajchaudhuri/weave-kube:2.9.0"],
      programs: {
        "/bin/sh": "ends",
        "/home/weave/init.sh": "ends",
        "/home/weave/launch.sh": { port: 6784, path: "status" },
      },
    },
    { names: ["docker.io/rajchaudhuri/weave-npc:2.9.0"], programs: { "/npc": "lasts" }, entrypoint: ["/npc"] },
    { names: ["quay.io/coreos/etcd:v3.5.21"], programs: { "/bin/etcd": { port: 12379, path: "health" } } },
    { names: ["quay.io/romana/daemon:v2.0.2"], programs: { "/daemon": "lasts" }, entrypoint: ["/daemon"] },
    { names: ["quay.io/romana/agent:v2.0.2"], programs: { "/agent": "lasts" }, entrypoint: ["/agent"] },
  ]);
});
afterAll(() => place?.end());

describe.sequential("Weave's DaemonSet on a cluster", () => {
  const weave = (password: string) =>
    onCluster(place.lab, (provider) => {
      new WeaveNetwork(
        "pods",
        { podCidr: "10.40.0.0/16", serviceCidr: "10.96.0.0/16", password: pulumi.secret(password) as never },
        { provider },
      );
    });

  test("weaver gets its start, its settings, the password and the node's folders", async () => {
    place.program.run = weave("of the door");
    await place.stack.up();
    const lines = await said(place.lab, "name=weave-net", "weave");
    expect(lines[0]).toBe("called /home/weave/launch.sh ");
    for (const value of [
      "IPALLOC_RANGE=10.40.0.0/16",
      "WEAVE_MTU=1376",
      "CONN_LIMIT=200",
      "WEAVE_PASSWORD=of the door",
      "HOSTNAME=node1",
      "CHECKPOINT_DISABLE=1",
    ])
      expect(lines).toContain(`env ${value}`);
    for (const mount of ["/weavedb rw", "/host/var/lib/dbus ro", "/host/etc/machine-id ro", "/run/xtables.lock rw"])
      expect(lines).toContain(`mount ${mount}`);
  });

  test("weave-npc and the init container get theirs", async () => {
    const npc = await said(place.lab, "name=weave-net", "weave-npc");
    expect(npc).toContain(
      "env EXTRA_ARGS=--metrics-addr=:6781 --log-level=info --allow-mcast=true --max-list-size=1024",
    );
    expect(npc.join()).not.toContain("of the door");
    const init = await said(place.lab, "name=weave-net", "weave-init");
    for (const mount of ["/host/opt rw", "/host/home rw", "/host/etc rw", "/lib/modules rw"])
      expect(init.map((line) => line.trim())).toContain(`mount ${mount}`);
  });

  test("what Weave notes in the ConfigMap is no drift, and is not taken away", async () => {
    await kubectl(place.lab, "annotate configmap weave-net -n kube-system kube-peers.weave.works/peers={}");
    const { summary } = await place.stack.refresh();
    expect(Object.keys(summary.resourceChanges ?? {})).toEqual(["same"]);
    expect(Object.keys((await place.stack.up()).summary.resourceChanges ?? {})).toEqual(["same"]);
    expect(await kubectl(place.lab, "get configmap weave-net -n kube-system -o yaml")).toContain(
      "kube-peers.weave.works/peers",
    );
  });

  test("another password is in another pod", async () => {
    place.program.run = weave("another door");
    await place.stack.up();
    await expect
      .poll(
        async () => (await said(place.lab, "name=weave-net", "weave")).includes("env WEAVE_PASSWORD=another door"),
        {
          timeout: 240_000,
        },
      )
      .toBe(true);
  });

  test("destroy takes all of it, and the ConfigMap of the peers", async () => {
    await place.stack.destroy();
    expect(
      await kubectl(place.lab, "get all,configmap,secret,serviceaccount,role,rolebinding -n kube-system -o name"),
    ).not.toContain("weave");
  });
});

describe.sequential("Romana's programs on a cluster", () => {
  test("find each other by the services that Kubernetes makes variables of, at the addresses that were worked out", async () => {
    place.program.run = onCluster(place.lab, (provider) => {
      const programs = { nodeSelector: { "kubernetes.io/hostname": "node1" } };
      new RomanaNetwork("pods", { legacy: true, serviceCidr: "10.96.0.0/16", programs }, { provider });
    });
    await place.stack.up();
    const daemon = await said(place.lab, "romana-app=daemon", "romana-daemon");
    expect(daemon[0]).toBe(
      "called /daemon --initial-network=/etc/romana/network/network.json --etcd-endpoints=10.96.0.88:12379 --cloud=none",
    );
    for (const value of [
      "ROMANA_SERVICE_HOST=10.96.0.99",
      "ROMANA_SERVICE_PORT_DAEMON=9600",
      "ROMANA_ETCD_SERVICE_HOST=10.96.0.88",
      "ROMANA_ETCD_SERVICE_PORT_ETCD=12379",
    ])
      expect(daemon).toContain(`env ${value}`);
    expect(daemon).toContain("mount /etc/romana/network ro");
  });

  test("the agent and etcd get theirs, and no listener runs", async () => {
    const agent = await said(place.lab, "romana-app=agent", "romana-agent");
    expect(agent[0]).toContain("--service-cluster-ip-range=10.96.0.0/16");
    expect(agent[0]).toContain("--policies=false");
    expect(agent).toContain("env NODENAME=node1");
    expect(agent.join("\n")).toMatch(/env NODEIP=198\.18\./);
    for (const mount of [
      "/host/usr/local/bin",
      "/host/etc/romana",
      "/host/opt/cni/bin",
      "/host/etc/cni/net.d",
      "/var/run/romana",
    ])
      expect(agent).toContain(`mount ${mount} rw`);
    expect((await said(place.lab, "romana-app=etcd", "romana-etcd"))[0]).toContain("--enable-v2");
    expect(await kubectl(place.lab, "get pods -n kube-system -o name")).not.toContain("listener");
  });

  test("destroy takes all of it", async () => {
    await place.stack.destroy();
    const kinds = "get all,configmap,serviceaccount,clusterrole,clusterrolebinding -n kube-system -o name";
    expect(await kubectl(place.lab, kinds)).not.toContain("romana");
  });
});
