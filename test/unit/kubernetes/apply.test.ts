import * as pulumi from "@pulumi/pulumi";
import { afterAll, beforeAll, expect, test } from "vitest";
import { applyObjects, fingerprint, loadSdk } from "../../../components/kubernetes";
import { configMap, type KubernetesObject, namespace, secret } from "../../../components/kubernetes/object";
import { accountWithRole, allow } from "../../../components/kubernetes/rbac";
import { hostDaemonSet } from "../../../components/kubernetes/workload";
import { recording } from "../recording";

const registered = recording();
beforeAll(() => registered.start());
afterAll(() => registered.stop());

const place = { name: "net", namespace: "net-system" };
const pool: KubernetesObject = { apiVersion: "crd.example.org/v1", kind: "Pool", metadata: { name: "default" } };
const definition: KubernetesObject = {
  apiVersion: "apiextensions.k8s.io/v1",
  kind: "CustomResourceDefinition",
  metadata: { name: "pools.crd.example.org" },
  spec: {},
};
const workload = hostDaemonSet({
  metadata: place,
  selector: { app: "net" },
  serviceAccount: "net",
  containers: [{ name: "net", image: "net:1" }],
  volumes: [],
  maxUnavailable: 1,
});
const objects = [
  workload,
  ...accountWithRole(place, [allow("", ["nodes"], ["get"])]),
  configMap({ name: "net-config", namespace: "net-system" }, { mtu: "1450" }),
  pool,
  definition,
  namespace({ name: "net-system" }, "privileged"),
];

test("objects are applied under the API's own types, in stages, by names that begin with the component's", async () => {
  const applied = applyObjects("pods", objects, {});
  await Promise.all(applied.map(({ urn }) => registered.resolved(urn)));
  expect(
    registered
      .all()
      .map(({ type, name }) => `${type} ${name}`)
      .sort(),
  ).toEqual([
    "kubernetes:apiextensions.k8s.io/v1:CustomResourceDefinition pods/pools.crd.example.org",
    "kubernetes:apps/v1:DaemonSet pods/net-system/net",
    "kubernetes:core/v1:ConfigMap pods/net-system/net-config",
    "kubernetes:core/v1:Namespace pods/net-system",
    "kubernetes:core/v1:ServiceAccount pods/net-system/net",
    "kubernetes:crd.example.org/v1:Pool pods/default",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole pods/net",
    "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding pods/net",
  ]);
  expect(registered.waitsFor("pods/net-system/net-config")).toEqual(["pods/pools.crd.example.org", "pods/net-system"]);
  const daemonSet = registered.request("DaemonSet", "pods/net-system/net");
  expect(registered.dependenciesOf(daemonSet)).toHaveLength(5);
});

test("what has an address of the network comes after the network, and is removed before it", async () => {
  const controllers = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "controllers", namespace: "net-system" },
    spec: { template: { spec: { containers: [] } } },
  };
  const applied = applyObjects("late", [controllers, workload], {});
  await Promise.all(applied.map(({ urn }) => registered.resolved(urn)));
  expect(registered.waitsFor("late/net-system/controllers")).toEqual(["late/net-system/net"]);
});

test("a job comes before the daemons, which read what it writes at their start only", async () => {
  const job = { apiVersion: "batch/v1", kind: "Job", metadata: { name: "write", namespace: "net-system" }, spec: {} };
  const applied = applyObjects("written", [workload, job], {});
  await Promise.all(applied.map(({ urn }) => registered.resolved(urn)));
  expect(registered.waitsFor("written/net-system/net")).toEqual(["written/net-system/write"]);
});

test("an account's token comes after the account, without which Kubernetes deletes it, and before what mounts it", async () => {
  const token: KubernetesObject = {
    apiVersion: "v1",
    kind: "Secret",
    type: "kubernetes.io/service-account-token",
    metadata: {
      name: "net-token",
      namespace: "net-system",
      annotations: { "kubernetes.io/service-account.name": "net" },
    },
  };
  const account = { apiVersion: "v1", kind: "ServiceAccount", metadata: place };
  const applied = applyObjects("told", [token, workload, account], {});
  await Promise.all(applied.map(({ urn }) => registered.resolved(urn)));
  expect(registered.waitsFor("told/net-system/net-token")).toEqual(["told/net-system/net"]);
  const daemonSet = registered.request("DaemonSet", "told/net-system/net");
  expect(registered.dependenciesOf(daemonSet)).toEqual(["told/net-system/net-token"]);
});

test("a secret's value is marked as one in the state", async () => {
  const [applied] = applyObjects("keyed", [secret(place, { key: "of the tunnel" })], {});
  await registered.resolved((applied as pulumi.Resource).urn);
  expect(registered.textOf("Secret", "keyed/net-system/net")).toMatch(
    /"4dabf18193072939515e22adb298388d":"1b47061264138c4ac30d75fd1eb44270","value":\{"key":"of the tunnel"\}/,
  );
});

test("the fingerprint is another when a value is, also one that comes later, and is no secret", async () => {
  const of = (key: unknown) => registered.resolved(fingerprint([workload, secret(place, { key })]));
  const [one, same, other] = await Promise.all([
    of("a"),
    of(pulumi.secret(Promise.resolve("a"))),
    of(pulumi.secret("b")),
  ]);
  expect(one).toBe(same);
  expect(other).not.toBe(one);
  expect(await pulumi.isSecret(fingerprint([secret(place, { key: pulumi.secret("a") })]))).toBe(false);
});

test("a missing package is one sentence with the command that brings it", () => {
  const missing = () => {
    throw Object.assign(new Error("Cannot find module"), { code: "MODULE_NOT_FOUND" });
  };
  expect(() => loadSdk(missing)).toThrow("the package @pulumi/kubernetes that applies them is missing");
  expect(() => loadSdk(missing)).toThrow("npm install @pulumi/kubernetes");
});

test("a fault inside of the package is not called a missing package", () => {
  const broken = () => {
    throw new Error("out of memory");
  };
  expect(() => loadSdk(broken)).toThrow("out of memory");
});
