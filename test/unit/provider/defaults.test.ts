import { describe, expect, test } from "vitest";
import { nodeStateSettings } from "../../../components/node/settings";
import { verificationSettings } from "../../../components/verification/settings";
import { nodeStateHandler } from "../../../provider/node-state";
import type { Context } from "../../../provider/resource";
import { verificationHandler } from "../../../provider/verification";

const node = {
  node: "node1",
  owner: "pods",
  connection: { host: "192.0.2.1" },
  state: { files: [{ path: "/etc/x", content: "x" }], routes: [{ to: "10.244.1.0/24", via: "192.0.2.2" }] },
};
const proof = {
  network: "pods",
  nodes: [{ name: "node1", connection: { host: "192.0.2.1" }, addresses: ["192.0.2.1"] }],
  cni: { configFile: "/etc/cni/net.d/10-pods.conflist" },
  mtu: 1500,
};

describe.each([
  ["NodeState", nodeStateHandler, node, nodeStateSettings],
  ["Verification", verificationHandler, proof, verificationSettings],
] as const)("the inputs of a %s", (_, handler, written, schema) => {
  const complete = schema.parse(written);

  test("are kept as they were written, without a default", () => {
    expect(handler.check(undefined, written, {} as Context)).toEqual({ inputs: written, failures: [] });
  });

  test("are the same with every default spelled out and without", () => {
    expect(handler.diff(complete, {}, written, {} as Context)).toEqual({});
    expect(handler.diff(written, {}, complete, {} as Context)).toEqual({});
  });
});

test("a file whose mode is not the default's is another one", () => {
  const other = { ...node, state: { ...node.state, files: [{ path: "/etc/x", content: "x", mode: "0600" }] } };
  expect(nodeStateHandler.diff(node, {}, other, {} as Context)).toEqual({ "state.files[0].mode": "update" });
});
