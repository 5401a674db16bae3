import { expect, test } from "vitest";
import { hasHiddenSecret, resourcesOf, type StackResource } from "../../../../commands/stack/state";

const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
const state = (key: unknown) =>
  JSON.stringify({
    version: 3,
    deployment: {
      manifest: {},
      resources: [
        { urn: "urn:pulumi:lab::podnet::pulumi:pulumi:Stack::podnet-lab", type: "pulumi:pulumi:Stack", custom: false },
        {
          urn: "urn:pulumi:lab::podnet::podnet:index:Verification::pods",
          type: "podnet:index:Verification",
          custom: true,
          inputs: { network: "pods", nodes: [{ name: "node1", connection: { host: "192.0.2.1", key } }] },
          outputs: { passed: true },
        },
        {
          urn: "urn:pulumi:lab::podnet::podnet:index:Verification::old",
          type: "podnet:index:Verification",
          delete: true,
          inputs: {},
        },
      ],
    },
  });
const keyOf = (text: string) => {
  const [{ inputs }] = resourcesOf(text, "podnet:index:Verification") as [StackResource];
  return (inputs.nodes as { connection: { key: unknown } }[])[0]?.connection.key;
};

test("resources of a type, without those that are only waiting for their deletion", () => {
  const found = resourcesOf(state({ agent: true }), "podnet:index:Verification");
  expect(found.map(({ urn }) => urn)).toEqual(["urn:pulumi:lab::podnet::podnet:index:Verification::pods"]);
  expect(found[0]?.outputs).toEqual({ passed: true });
});

test("a state without resources has none", () => {
  expect(resourcesOf('{"version":3,"deployment":{"manifest":{}}}', "podnet:index:Verification")).toEqual([]);
});

test("secrets that were exported in clear take their places, hidden ones are told", () => {
  const shown = { secret: { ...mark, plaintext: JSON.stringify("-----BEGIN KEY-----") } };
  expect(keyOf(state(shown))).toEqual({ secret: "-----BEGIN KEY-----" });
  expect(hasHiddenSecret(resourcesOf(state(shown), "podnet:index:Verification"))).toBe(false);

  const hidden = { secret: { ...mark, ciphertext: "v1:abc" } };
  expect(hasHiddenSecret(resourcesOf(state(hidden), "podnet:index:Verification"))).toBe(true);
});

test("a whole document that became secret is revealed to its last field", () => {
  const nested = { ...mark, plaintext: JSON.stringify({ secret: { ...mark, plaintext: '"key"' } }) };
  expect(keyOf(state(nested))).toEqual({ secret: "key" });
});
