import { join } from "node:path";
import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../../components/kubernetes/object";
import { withoutLabels } from "../calico/labels";
import { casesIn, golden } from "../golden";
import type { Written } from "./read";
import { render } from "./render";

test.each(casesIn<Written>(join(__dirname, "cases")))("$name: settings in, objects out", (one) => {
  const { got, expected } = golden(
    one,
    render(one.settings).map((object) => withoutLabels(object, "weave")),
  );
  expect(got).toBe(expected);
});

interface Container {
  name: string;
  image: string;
  command?: string[];
  env?: { name: string; value?: string; valueFrom?: object }[];
  volumeMounts: { name: string }[];
}
interface Pod {
  initContainers: Container[];
  containers: Container[];
  volumes: { name: string }[];
}

function pod(written: Written): Pod {
  const set = render(written).find(({ kind }) => kind === "DaemonSet") as KubernetesObject;
  return (set.spec as { template: { spec: Pod } }).template.spec;
}
const env = (written: Written, container: string): Record<string, string | undefined> =>
  Object.fromEntries(
    (pod(written).containers.find(({ name }) => name === container)?.env ?? []).map(({ name, value }) => [name, value]),
  );

/** Weave's own defaults (launch.sh and weaver of 2.9.0), which an environment without the name stands for. */
const upstream: Record<string, [string, Written, string | undefined]> = {
  IPALLOC_RANGE: ["10.32.0.0/12", { podCidr: "10.40.0.0/16" }, "10.40.0.0/16"],
  CONN_LIMIT: ["200", { connectionLimit: 30 }, "30"],
  WEAVE_MTU: ["1376", { mtu: 8916 }, "8916"],
};
const leftOut: Record<string, [Written, string]> = {
  IPALLOC_INIT: [{ ipamInit: "observer" }, "observer"],
  KUBE_PEERS: [{ peers: ["192.0.2.1", "192.0.2.2"] }, "192.0.2.1 192.0.2.2"],
  WEAVE_NO_FASTDP: [{ transport: { type: "sleeve" } }, "1"],
  NO_MASQ_LOCAL: [{ keepClientAddress: false }, "0"],
  EXPECT_NPC: [{ policy: false }, "0"],
  HAIRPIN_MODE: [{ hairpin: false }, "false"],
  WEAVE_EXPOSE_IP: [{ exposeAddress: "10.32.0.1" }, "10.32.0.1"],
  WEAVE_METRICS_ADDR: [{ metricsAddress: ":9" }, ":9"],
  WEAVE_STATUS_ADDR: [{ statusAddress: ":9" }, ":9"],
  WEAVE_HTTP_ADDR: [{ httpAddress: "127.0.0.1:9" }, "127.0.0.1:9"],
  IPTABLES_BACKEND: [{ iptablesBackend: "nft" }, "nft"],
  DB_PREFIX: [{ kubernetes: { dbPrefix: "/db/x" } }, "/db/x"],
  HOST_ROOT: [{ kubernetes: { hostRoot: "/node" } }, "/node"],
  WEAVE_DEBUG: [{ debug: true }, "1"],
  EXTRA_ARGS: [
    { password: "p", trustedSubnets: "192.0.2.0/24", extraArguments: ["--x"] },
    "--trusted-subnets=192.0.2.0/24 --x",
  ],
};

describe("every knob of weaver", () => {
  test.each(Object.entries(upstream))("%s is Weave's own default without a word", (name, [usual, written, other]) => {
    expect(env({}, "weave")[name]).toBe(usual);
    expect(env(written, "weave")[name]).toBe(other);
  });

  test.each(Object.entries(leftOut))("%s is left out at its default, and said otherwise", (name, [written, value]) => {
    expect(Object.keys(env({}, "weave"))).not.toContain(name);
    expect(env(written, "weave")[name]).toBe(value);
  });

  test("weave-npc's defaults stand as they are upstream's", () => {
    expect(env({}, "weave-npc").EXTRA_ARGS).toBe(
      "--metrics-addr=:6781 --log-level=info --allow-mcast=true --max-list-size=1024",
    );
  });
});

describe("the DaemonSet", () => {
  test("every volume is mounted, and every mount has its volume", () => {
    for (const written of [{}, { policy: false }] as Written[]) {
      const { initContainers, containers, volumes } = pod(written);
      const mounted = [...initContainers, ...containers].flatMap(({ volumeMounts }) => volumeMounts);
      expect(new Set(mounted.map(({ name }) => name))).toEqual(new Set(volumes.map(({ name }) => name)));
    }
  });

  test("images are of the edition, by a tag and not by latest", () => {
    const images = (written: Written) => pod(written).containers.map(({ image }) => image);
    expect(images({})).toEqual(["docker.io/rajchaudhuri/weave-kube:2.9.0", "docker.io/rajchaudhuri/weave-npc:2.9.0"]);
    expect(images({ edition: "weaveworks", legacy: true })).toEqual([
      "docker.io/weaveworks/weave-kube:2.8.1",
      "docker.io/weaveworks/weave-npc:2.8.1",
    ]);
  });

  test("without policy there is no weave-npc", () => {
    expect(pod({ policy: false }).containers.map(({ name }) => name)).toEqual(["weave"]);
  });

  test("the token of the account is in no argument, where every process of the node could read it", () => {
    const [check] = pod({}).initContainers;
    expect(check?.command?.at(-1)).toMatch(/printf .*token[\s\S]*\| *\n? *curl[^|]* -H @- /);
  });

  test("the ConfigMap that Weave would make at run time is podnet's, so that it goes with the network", () => {
    expect(render({}).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toContain("ConfigMap weave-net");
  });
});
