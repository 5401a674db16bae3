import { describe, expect, test } from "vitest";
import type { KubernetesObject } from "../../../../lab/kubernetes/stand-in/object";
import { complaints, waitedFor } from "../../../../lab/kubernetes/stand-in/readiness";

const object = (kind: string, rest: object): KubernetesObject => ({
  apiVersion: "v1",
  kind,
  ...rest,
  metadata: { name: "one", namespace: "here", generation: 2, ...(rest as { metadata?: object }).metadata },
});
const conditions = (...types: string[]) => types.map((type) => ({ type, status: "True" }));
const daemons = { observedGeneration: 2, desiredNumberScheduled: 3, updatedNumberScheduled: 3, numberAvailable: 3 };

describe("what is ready", () => {
  test.each([
    ["ConfigMap", {}],
    ["CustomResourceDefinition", { status: { conditions: conditions("NamesAccepted", "Established") } }],
    ["DaemonSet", { status: daemons }],
    ["DaemonSet", { status: { observedGeneration: 2, desiredNumberScheduled: 0 } }],
    ["DaemonSet", { metadata: { annotations: { "pulumi.com/skipAwait": "true" } } }],
    ["Deployment", { spec: { replicas: 0 }, status: { observedGeneration: 2 } }],
    ["Pod", { status: { phase: "Succeeded" } }],
    ["Job", { status: { conditions: conditions("Complete") } }],
  ])("%s %j", (kind, rest) => {
    expect(waitedFor(object(kind, rest))).toBeUndefined();
  });
});

describe("what is waited for, with its reason", () => {
  test.each([
    ["CustomResourceDefinition", { status: { conditions: conditions("NamesAccepted") } }, "waiting to be established"],
    ["DaemonSet", {}, "waiting for its controller"],
    ["DaemonSet", { status: { ...daemons, observedGeneration: 1 } }, "waiting for its controller"],
    ["DaemonSet", { status: { ...daemons, updatedNumberScheduled: 1 } }, "1 of 3 pods are updated"],
    ["DaemonSet", { status: { ...daemons, numberAvailable: 2 } }, "2 of 3 pods are available"],
    ["Deployment", { status: { observedGeneration: 2 } }, "0 of 1 pods are updated"],
    ["Pod", { status: { phase: "Running" } }, "waiting for its containers"],
    ["Job", { status: { conditions: conditions("Suspended") } }, "waiting for its pods to be done"],
  ])("%s %j: %s", (kind, rest, reason) => {
    expect(waitedFor(object(kind, rest))).toBe(reason);
  });
});

test("what keeps a pod from running is named with the pod and the cluster's reason", () => {
  const waiting = { name: "main", state: { waiting: { reason: "ErrImagePull", message: "no such image" } } };
  const done = { name: "init", state: { terminated: { reason: "Completed" } } };
  const runs = { name: "side", state: { running: { startedAt: "now" } } };
  const unplaced = { type: "PodScheduled", status: "False", reason: "Unschedulable", message: "0/1 nodes" };
  const pods = [
    { status: { initContainerStatuses: [done], containerStatuses: [waiting, runs] } },
    { status: { conditions: [unplaced, { type: "Ready", status: "False" }] } },
    { status: { conditions: conditions("PodScheduled") } },
  ];
  expect(complaints(pods.map((pod) => object("Pod", pod)))).toEqual([
    "pod here/one, container main: ErrImagePull no such image",
    "pod here/one: Unschedulable 0/1 nodes",
  ]);
});
