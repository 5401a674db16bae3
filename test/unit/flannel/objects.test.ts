import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { backend } from "../../../components/flannel/backends";
import type { KubernetesObject } from "../../../components/kubernetes/object";
import { casesIn, golden } from "../golden";
import type { Written } from "./read";
import { render } from "./render";

const cases = casesIn<Written>(join(__dirname, "cases"));

const one = (all: KubernetesObject[], kind: string) => all.find((object) => object.kind === kind) as never as Workload;
interface Workload {
  spec: { template: { spec: { initContainers: Container[]; containers: [Container]; volumes: { name: string }[] } } };
  data: Record<string, string>;
  rules: unknown;
}
interface Container {
  command: string[];
  args: string[];
  env: { name: string }[];
  volumeMounts: { name: string }[];
  securityContext: { privileged: boolean };
  livenessProbe?: { httpGet: { host: string } };
}

test.each(cases)("$name: settings in, objects out", (one) => {
  const { got, expected } = golden(one, render(one.settings));
  expect(got).toBe(expected);
});

test("every backend has a case", () => {
  const types = backend.options.map(({ shape }) => shape.type.value);
  const tried = cases.map(({ settings }) => settings.backend?.type ?? "vxlan");
  expect(types.filter((type) => !tried.includes(type))).toEqual([]);
});

describe.each(cases)("$name", ({ settings }) => {
  const all = render(settings);
  const pod = one(all, "DaemonSet").spec.template.spec;

  test("the backend's type is always written", () => {
    const texts = all.flatMap(({ data, stringData }) =>
      Object.entries({ ...(data as object), ...(stringData as object) }),
    );
    const [, configuration] = texts.find(([key]) => key === "net-conf.json") as [string, string];
    const type = settings.backend?.type ?? "vxlan";
    const inFlannel = ["aws-vpc", "gce", "ali-vpc"].includes(type) ? "alloc" : type;
    expect(JSON.parse(configuration).Backend.Type).toBe(inFlannel);
  });

  test("every mount has its volume, and every volume a mount", () => {
    const mounts = [...pod.initContainers, ...pod.containers].flatMap(({ volumeMounts }) =>
      volumeMounts.map(({ name }) => name),
    );
    const volumes = pod.volumes.map(({ name }) => name);
    expect([...new Set(mounts)].sort()).toEqual(volumes.sort());
  });

  test("flannel may read nodes and change their status, and nothing else", () => {
    expect(one(all, "ClusterRole").rules).toEqual([
      { apiGroups: [""], resources: ["nodes"], verbs: ["get", "list", "watch"] },
      { apiGroups: [""], resources: ["nodes/status"], verbs: ["patch"] },
    ]);
  });

  test("the health port is open to the node alone", () => {
    const [flanneld] = pod.containers;
    const host = flanneld.livenessProbe?.httpGet.host;
    const ip = flanneld.args.find((arg) => arg.startsWith("--healthz-ip="));
    expect([host, ip]).toEqual(
      settings.kubernetes?.healthPort === 0 ? [undefined, undefined] : ["127.0.0.1", "--healthz-ip=127.0.0.1"],
    );
  });

  test("no secret stands outside of the Secret", () => {
    const open = JSON.stringify(all.filter(({ kind }) => kind !== "Secret"));
    const options = (settings.backend ?? {}) as Record<string, unknown>;
    for (const secret of [options.psk, options.accessKeyId, options.accessKeySecret])
      if (secret !== undefined) expect(open).not.toContain(String(secret));
  });

  test("only udp is privileged", () => {
    expect(pod.containers[0].securityContext.privileged).toBe(settings.backend?.type === "udp");
  });
});

test("a queue is never shorter than there are nodes", () => {
  const nodes = Object.fromEntries(
    Array.from({ length: 120 }, (_, index) => [`node${index}`, { connection: { host: `198.18.0.${index + 1}` } }]),
  );
  const all = render({ podCidr: "10.244.0.0/16", nodes: { nodes }, kubernetes: { eventQueueDepth: 100 } });
  expect(one(all, "DaemonSet").spec.template.spec.containers[0].env).toContainEqual({
    name: "EVENT_QUEUE_DEPTH",
    value: "120",
  });
});
