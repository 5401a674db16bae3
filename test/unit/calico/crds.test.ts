import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { definitions, releaseUrl } from "../../../components/calico/crds";

const text = `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: tiers.crd.projectcalico.org
spec: { group: crd.projectcalico.org }
status: { conditions: [] }
---
# A comment alone is no object.
---
apiVersion: v1
kind: Namespace
metadata: { name: calico }
`;
const sha256 = createHash("sha256").update(text).digest("hex");

test("only definitions are taken, without the status that is the API server's", () => {
  expect(definitions(text, { sha256, source: "crds.yaml" })).toEqual({
    objects: [
      {
        apiVersion: "apiextensions.k8s.io/v1",
        kind: "CustomResourceDefinition",
        metadata: { name: "tiers.crd.projectcalico.org" },
        spec: { group: "crd.projectcalico.org" },
      },
    ],
    problems: [],
  });
});

test("another file is refused before it is read", () => {
  const { objects, problems } = definitions(`${text} `, { sha256, source: "crds.yaml" });
  expect(objects).toEqual([]);
  expect(problems[0]?.rule).toMatch(/^crds.yaml has the SHA-256 [0-9a-f]{64}, and crds.sha256 is /);
});

test("a file without definitions is no file of definitions", () => {
  const other = "kind: Namespace\n";
  const hash = createHash("sha256").update(other).digest("hex");
  const { problems } = definitions(other, { sha256: hash, source: "ns.yaml" });
  expect(problems[0]?.rule).toBe("ns.yaml holds no CustomResourceDefinition");
});

test("the release's own place", () => {
  expect(releaseUrl("v3.32.1", "crds.yaml")).toBe(
    "https://raw.githubusercontent.com/projectcalico/calico/v3.32.1/manifests/crds.yaml",
  );
});
