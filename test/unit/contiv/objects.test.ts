import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../../components/kubernetes/object";
import { casesIn, golden } from "../golden";
import type { Written } from "./read";
import { render } from "./render";

interface Container {
  name: string;
  image: string;
  args?: string[];
  env?: { name: string; value?: string }[];
  volumeMounts?: { name: string; mountPath: string }[];
}
interface Workload {
  spec: {
    selector: { matchLabels: Record<string, string> };
    template: {
      metadata: { labels: Record<string, string> };
      spec: { initContainers?: Container[]; containers: Container[]; volumes?: { name: string }[] };
    };
  };
}

const cases = casesIn<Written>(join(__dirname, "cases"));
const workloads = (all: KubernetesObject[]) =>
  all.filter(({ kind }) => ["DaemonSet", "Deployment", "StatefulSet"].includes(kind)) as never as (KubernetesObject &
    Workload)[];
const containers = (one: Workload) => [
  ...(one.spec.template.spec.initContainers ?? []),
  ...one.spec.template.spec.containers,
];

test.each(cases)("$name: settings in, objects out", (one) => {
  const { got, expected } = golden(one, render(one.settings));
  expect(got).toBe(expected);
});

describe.each(cases)("$name", ({ settings }) => {
  const all = render(settings);

  test("every mount has its volume, and every volume a mount", () => {
    for (const one of workloads(all)) {
      const mounts = containers(one).flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name));
      const volumes = (one.spec.template.spec.volumes ?? []).map(({ name }) => name);
      expect([...new Set(mounts)].sort(), one.metadata.name).toEqual(volumes.sort());
    }
  });

  test("every workload finds its pods, and every ConfigMap that is named is there", () => {
    for (const { spec } of workloads(all))
      expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    const named = [...JSON.stringify(all).matchAll(/"(?:configMapKeyRef|configMap)":\{"name":"([\w-]+)"/g)];
    const there = all.filter(({ kind }) => kind === "ConfigMap").map(({ metadata }) => metadata.name);
    expect(named.map(([, name]) => name).filter((name) => !there.includes(String(name)))).toEqual([]);
  });

  test("nothing is of an API that Kubernetes took away, and no node is asked by its old name", () => {
    expect(all.map(({ apiVersion }) => apiVersion).filter((one) => /beta|extensions\//.test(one))).toEqual([]);
    expect(JSON.stringify(all)).not.toMatch(/role\.kubernetes\.io\/master|critical-pod|"extensions"/);
  });
});

test("no secret stands outside of a Secret", () => {
  for (const name of ["aci", "vlan-bgp-consul"]) {
    const { settings } = cases.find((one) => one.name === name) as (typeof cases)[number];
    const open = JSON.stringify(render(settings).filter(({ kind }) => kind !== "Secret"));
    expect(open).not.toMatch(/of the door|BEGIN KEY/);
  }
});

test("etcd's data stays on the node that is named, and its address is one of the services'", () => {
  const all = render({ store: { type: "own", node: "control1" }, serviceCidr: "172.20.0.0/16" });
  const etcd = all.find(({ kind, metadata }) => kind === "Deployment" && metadata.name === "contiv-etcd");
  expect(JSON.stringify(etcd)).toContain('"kubernetes.io/hostname":"control1"');
  const service = all.find(({ kind, metadata }) => kind === "Service" && metadata.name === "contiv-etcd");
  expect(service?.spec).toMatchObject({ clusterIP: "172.20.232.136" });
});

test("another configuration is another pod, since Contiv's programs read it at their start", () => {
  const annotation = (written: Written) =>
    /"podnet.dev\/configuration":"(\w+)"/.exec(JSON.stringify(render(written)))?.[1];
  expect(annotation({})).toBe(annotation({ openPorts: true }));
  expect(annotation({})).not.toBe(annotation({ serviceCidr: "10.97.0.0/16" }));
});
