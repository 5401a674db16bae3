import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parse } from "yaml";
import type { KubernetesObject } from "../../../components/kubernetes/object";
import { publishing } from "../../../components/nuage/fence";
import { casesIn, golden } from "../golden";
import type { Written } from "./read";
import { render } from "./render";

interface Container {
  name: string;
  image: string;
  env?: { name: string; value?: string; valueFrom?: object }[];
  volumeMounts?: { name: string; mountPath: string; readOnly?: true }[];
}
interface Workload {
  spec: {
    template: {
      spec: {
        initContainers?: Container[];
        containers: Container[];
        volumes: { name: string; hostPath?: { path: string } }[];
      };
    };
  };
}

const cases = casesIn<Written>(join(__dirname, "cases"));
const pods = (all: KubernetesObject[]) =>
  all.filter(({ kind }) => kind === "DaemonSet") as never as (KubernetesObject & Workload)[];
const podOf = (all: KubernetesObject[], name: string) =>
  pods(all).find(({ metadata }) => metadata.name === name)?.spec.template.spec as Workload["spec"]["template"]["spec"];
const env = (all: KubernetesObject[], name: string) =>
  Object.fromEntries((podOf(all, name).containers[0]?.env ?? []).map((one) => [one.name, one.value]));
function file(all: KubernetesObject[], map: string, key: string): unknown {
  const found = all.find(({ kind, metadata }) => kind === "ConfigMap" && metadata.name === map) as KubernetesObject;
  return parse((found.data as Record<string, string>)[key] as string);
}

test.each(cases)("$name: settings in, objects out", (one) => {
  const { got, expected } = golden(one, render(one.settings));
  expect(got).toBe(expected);
});

describe.each(cases)("$name", ({ settings }) => {
  const all = render(settings);

  test("every mount has its volume, and every volume a mount", () => {
    for (const { metadata, spec } of pods(all)) {
      const { initContainers = [], containers, volumes } = spec.template.spec;
      const mounts = [...initContainers, ...containers].flatMap(({ volumeMounts = [] }) =>
        volumeMounts.map(({ name }) => name),
      );
      expect([...new Set(mounts)].sort(), metadata.name).toEqual(volumes.map(({ name }) => name).sort());
    }
  });

  test("certificates, keys and tokens stand in Secrets alone, but for the operator's password, which it reads in its own object", () => {
    const open = all.filter(({ kind }) => kind !== "Secret" && kind !== "NuageCNIConfig");
    expect(JSON.stringify(open)).not.toMatch(/of the door|"CERTIFICATE/);
    const tokens = pods(all).flatMap(({ spec }) => spec.template.spec.containers.flatMap(({ env: list = [] }) => list));
    for (const { name, value } of tokens) if (/TOKEN/.test(name)) expect(value).toBeUndefined();
  });

  test("nothing is of an API that Kubernetes took away, and no node is asked by its old name", () => {
    expect(all.map(({ apiVersion }) => apiVersion).filter((one) => /beta|extensions\//.test(one))).toEqual([]);
    expect(JSON.stringify(all)).not.toMatch(/role\.kubernetes\.io\/master|critical-pod|beta\.kubernetes\.io/);
  });
});

describe("the installer, which empties what it takes for the node's /opt/cni and /etc/cni", () => {
  const all = render({});
  const { containers, volumes } = podOf(all, "nuage-cni-ds");
  const pathOf = (name: string) => volumes.find((one) => one.name === name)?.hostPath?.path ?? "";
  const seen = (container: string) =>
    Object.fromEntries(
      (containers.find(({ name }) => name === container)?.volumeMounts ?? []).map(({ name, mountPath }) => [
        mountPath,
        pathOf(name),
      ]),
    );

  test("is shown folders of its own in their place", () => {
    const mounts = seen("install-nuage-cni");
    expect(mounts["/host/opt"]).toBe("/var/lib/nuage-cni/opt");
    expect(mounts["/host/etc"]).toBe("/var/lib/nuage-cni/etc");
    for (const path of Object.values(mounts))
      for (const others of ["/opt", "/etc", "/etc/cni", "/etc/cni/net.d", "/opt/cni", "/opt/cni/bin", "/usr/share"])
        expect(path).not.toBe(others);
  });

  test("and what it puts there reaches the node file by file, without touching others", () => {
    const at = mkdtempSync(join(tmpdir(), "podnet-nuage-"));
    const folders = [
      "fenced/opt/cni/bin",
      "fenced/etc/default",
      "fenced/etc/cni/net.d",
      "node/bin",
      "node/net.d",
      "node/default",
    ];
    for (const folder of folders) mkdirSync(join(at, folder), { recursive: true });
    writeFileSync(join(at, "node/bin/bridge"), "another's");
    writeFileSync(join(at, "node/net.d/10-other.conflist"), "another's");
    writeFileSync(join(at, "node/bin/nuage-cni-k8s"), "older");
    writeFileSync(join(at, "fenced/opt/cni/bin/nuage-cni-k8s"), "the plugin", { mode: 0o755 });
    writeFileSync(join(at, "fenced/opt/cni/bin/loopback"), "not Nuage's");
    writeFileSync(join(at, "fenced/etc/cni/net.d/nuage-net.conf"), "{}");
    const once = publishing
      .replaceAll("/fenced/", `${at}/fenced/`)
      .replaceAll("/node/", `${at}/node/`)
      .replace("sleep 5", "exit 0");
    execFileSync("sh", ["-c", once]);
    const text = (path: string) => readFileSync(join(at, path), "utf8");
    expect(text("node/bin/nuage-cni-k8s")).toBe("the plugin");
    expect(text("node/net.d/nuage-net.conf")).toBe("{}");
    expect(text("node/bin/bridge")).toBe("another's");
    expect(text("node/net.d/10-other.conflist")).toBe("another's");
    expect(existsSync(join(at, "node/bin/loopback"))).toBe(false);
    expect(existsSync(join(at, "node/default/nuage-cni.yaml"))).toBe(false);
    rmSync(at, { recursive: true });
  });
});

describe("what is told to Nuage's programs", () => {
  test("upstream's defaults", () => {
    const all = render({ serviceCidr: "192.168.0.0/16" });
    expect(file(all, "nuage-node-config", "cni_yaml_config")).toEqual({
      vrsendpoint: "/var/run/openvswitch/db.sock",
      vrsbridge: "alubr0",
      monitorinterval: 60,
      cniversion: "0.2.0",
      loglevel: "info",
      portresolvetimer: 60,
      logfilesize: 1,
      vrsconnectionchecktimer: 180,
      mtu: 1450,
      staleentrytimeout: 600,
      nuagesiteid: -1,
    });
    expect(file(all, "nuage-node-config", "plugin_yaml_config")).toMatchObject({
      enterpriseName: "kubernetes",
      domainName: "kubernetes",
      vsdUser: "k8s-admin",
      nuageMonRestServer: "https://198.18.0.3:9443",
      interfaceMTU: 1460,
      serviceCIDR: "192.168.0.0/16",
      nuageMonClientCert: "/var/lib/kubelet/pki/kubelet-client-current.pem",
    });
    expect(file(all, "nuage-master-config", "net_yaml_config")).toEqual({
      networkConfig: {
        clusterNetworks: [{ cidr: "70.70.0.0/16", hostSubnetLength: 8 }],
        serviceNetworkCIDR: "192.168.0.0/16",
      },
    });
    expect(file(all, "nuage-master-config", "monitor_yaml_config")).toMatchObject({
      vsdApiUrl: "https://vsd.example.com:7443",
      vspVersion: "v6",
      encryptionEnabled: 0,
      underlaySupport: 0,
      statsLogging: 0,
      autoScaleSubnets: 0,
      userCertificateFile: "/etc/nuage/vsd/user.pem",
      nuageMonServer: { URL: "0.0.0.0:9443", clientCA: "/etc/kubernetes/pki/ca.crt" },
      etcdClientConfig: { urls: ["https://127.0.0.1:2379"] },
    });
  });

  test("the switch gets its ranges as sed takes them", () => {
    expect(env(render({}), "nuage-vrs-ds")).toEqual({
      NUAGE_ACTIVE_CONTROLLER: "198.18.0.7",
      NUAGE_STANDBY_CONTROLLER: "198.18.0.8",
      NUAGE_PLATFORM: '"kvm, k8s"',
      NUAGE_K8S_SERVICE_IPV4_SUBNET: "10.96.0.0\\/12",
      NUAGE_K8S_POD_NETWORK_CIDR: "70.70.0.0\\/16",
      NUAGE_NETWORK_UPLINK_INTF: "eth0",
    });
  });

  test("the API server by its own service's address, or as it is said", () => {
    const url = (written: Written) => env(render(written), "nuage-cni-ds").MASTER_API_SERVER_URL;
    expect(url({})).toBe("https://10.96.0.1:443");
    expect(url({ apiServer: { host: "fd00::1" } })).toBe("https://[fd00::1]:6443");
  });
});
