import { createRequire } from "node:module";
import { expect, test } from "vitest";
import "../../../components";
import { loadSdk } from "../../../components/kubernetes";

const loaded = () => Object.keys(createRequire(__filename).cache).some((path) => path.includes("@pulumi/kubernetes/"));

test("the package for Kubernetes is loaded by whoever applies objects, and not by importing podnet", () => {
  expect(loaded()).toBe(false);
  loadSdk();
  expect(loaded()).toBe(true);
});
