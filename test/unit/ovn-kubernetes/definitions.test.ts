import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { neededDefinitions, readDefinitions } from "../../../components/ovn-kubernetes/definitions";
import { read } from "./read";

const file = (name: string) => {
  const text = `apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: { name: ${name} }\nspec: {}\n`;
  return { text, source: `${name}.yaml`, sha256: createHash("sha256").update(text).digest("hex") };
};

describe("definitions", () => {
  test("of all files are taken when each is the one that is named", () => {
    const { objects, problems } = readDefinitions([file("a.k8s.ovn.org"), file("b.k8s.ovn.org")], ["a.k8s.ovn.org"]);
    expect(objects.map(({ metadata }) => metadata.name)).toEqual(["a.k8s.ovn.org", "b.k8s.ovn.org"]);
    expect(problems).toEqual([]);
  });

  test("another file, and one that is missing, are told at once", () => {
    const wrong = { ...file("a.k8s.ovn.org"), sha256: "0".repeat(64) };
    const { problems } = readDefinitions([wrong], ["egressips.k8s.ovn.org"]);
    expect(problems.map(({ rule }) => rule)).toEqual([
      expect.stringContaining("a.k8s.ovn.org.yaml has the SHA-256"),
      expect.stringContaining("none of the files defines egressips.k8s.ovn.org"),
    ]);
  });

  test("are needed for what is on, and for nothing else", () => {
    expect(neededDefinitions(read({}))).toHaveLength(5);
    const features = { egressIp: false, egressFirewall: false, egressQos: false, egressService: false };
    const some = read({ features: { ...features, externalRoutes: false, multiNetwork: true } });
    expect(neededDefinitions(some)).toEqual(["network-attachment-definitions.k8s.cni.cncf.io"]);
  });
});
