import * as k8s from "@pulumi/kubernetes";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Bed, bed, failure } from "../bed";
import { kubectl as kubectlOf } from "./web";

let place: Bed;
beforeAll(async () => {
  place = await bed("stand-in", [{ name: "node1", kind: "kubernetes" }]);
});
afterAll(() => place?.end());

const kubectl = (words: string) => kubectlOf(place.lab, words);

/** A network's objects in small: a namespace, settings in it, a kind of its own and an object of that. */
function program({ mode = "vxlan", force = false, image = "" } = {}) {
  return async () => {
    const provider = new k8s.Provider("cluster", { kubeconfig: place.lab.kubeconfigFile });
    const options = { provider };
    const namespace = new k8s.core.v1.Namespace("net", { metadata: { name: "net" } }, options);
    const annotations = force ? { "pulumi.com/patchForce": "true" } : undefined;
    const metadata = { name: "settings", namespace: namespace.metadata.name, annotations };
    new k8s.core.v1.ConfigMap("settings", { metadata, data: { mode } }, options);
    const names = { plural: "pools", singular: "pool", kind: "Pool" };
    const schema = { openAPIV3Schema: { type: "object", x_kubernetes_preserve_unknown_fields: true } };
    const kind = new k8s.apiextensions.v1.CustomResourceDefinition(
      "pools",
      {
        metadata: { name: "pools.podnet.test" },
        spec: {
          group: "podnet.test",
          scope: "Cluster",
          names,
          versions: [{ name: "v1", served: true, storage: true, schema }],
        },
      },
      options,
    );
    const pool = { apiVersion: "podnet.test/v1", kind: "Pool", metadata: { name: "first" }, spec: { size: 1 } };
    new k8s.apiextensions.CustomResource("pool", pool, { provider, dependsOn: kind });
    if (image) new k8s.core.v1.Pod("pod", podOf(image), { provider, dependsOn: namespace });
  };
}

const noImage = "registry.invalid/none:1";
const podOf = (image: string) => ({
  metadata: { namespace: "net", ...(image === noImage && { annotations: { "pulumi.com/timeoutSeconds": "60" } }) },
  spec: {
    // There is no network, so the node is not ready.
    hostNetwork: true,
    tolerations: [{ operator: "Exists" }],
    terminationGracePeriodSeconds: 0,
    containers: [{ name: "main", image }],
  },
});

const up = (settings: Parameters<typeof program>[0] = {}) => {
  place.program.run = program(settings);
  return place.stack.up({ color: "never" });
};
const mode = () => kubectl("get configmap settings -n net -o jsonpath={.data.mode}");

test("a preview of new objects makes none", async () => {
  place.program.run = program();
  const { changeSummary } = await place.stack.preview();
  expect(changeSummary.create).toBe(6);
  await expect(kubectl("get namespace net")).rejects.toThrow(/not found/);
});

test("objects are applied in order, those of a new kind once it is known", async () => {
  await up();
  expect(await mode()).toBe("vxlan");
  expect(await kubectl("get pool first -o jsonpath={.spec.size}")).toBe("1");
});

test("a second run changes nothing, and one with other settings only what differs", async () => {
  expect((await up()).summary.resourceChanges).toEqual({ same: 6 });
  place.program.run = program({ mode: "host-gw" });
  expect((await place.stack.preview()).changeSummary).toEqual({ same: 5, update: 1 });
  expect(await mode()).toBe("vxlan");
  expect((await up({ mode: "host-gw" })).summary.resourceChanges).toEqual({ same: 5, update: 1 });
  expect(await mode()).toBe("host-gw");
});

test("refresh sees what was changed and removed by hand, and up repairs both where it may take fields back", async () => {
  await kubectl('patch configmap settings -n net --type=merge -p {"data":{"mode":"udp","extra":"theirs"}}');
  await kubectl("delete pool first");
  const { summary } = await place.stack.refresh();
  expect(summary.resourceChanges).toMatchObject({ update: 1, delete: 1 });
  expect(await failure(up({ mode: "host-gw" }))).toMatch(/conflict.*kubectl-patch/);
  await up({ mode: "host-gw", force: true });
  expect(await kubectl("get configmap settings -n net -o jsonpath={.data}")).toBe(
    '{"extra":"theirs","mode":"host-gw"}',
  );
  expect(await kubectl("get pool first -o jsonpath={.spec.size}")).toBe("1");
});

test("a pod that cannot run fails with the runtime's reason, is kept, and replaced by one that can", async () => {
  const said = await failure(up({ image: noImage }));
  expect(said).toMatch(/not ready after 60 s[\s\S]*container main: (ErrImage\w+|ImagePullBackOff)/);
  await up({ image: "registry.k8s.io/e2e-test-images/agnhost:2.63.0" });
  const phase = await kubectl("get pods -n net -o jsonpath={.items[*].status.phase}");
  expect(phase).toBe("Running");
});

test("destroy ends when everything is gone", async () => {
  await place.stack.destroy();
  expect(await kubectl("get namespaces -o name")).not.toContain("namespace/net");
  expect(await kubectl("get crd -o name")).toBe("");
});
