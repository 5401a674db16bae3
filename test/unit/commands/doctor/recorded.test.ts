import { expect, test } from "vitest";
import { recordedNodes } from "../../../../commands/doctor/recorded";
import { record } from "../../../../components/bridge/record";
import { read } from "../../bridge/read";

const nodes = { node1: { connection: { host: "198.18.0.11" }, nic: "eno1", mtu: 9000 } };

test("a stack's record says each node's NIC and what it should carry", () => {
  const settings = record(read({ nodes: { nodes }, podCidr: "10.244.0.0/16" }));
  const resource = { urn: "u", inputs: { network: "bridge", settings }, outputs: {} };
  expect(recordedNodes([resource]).get("node1")).toEqual({ nic: "eno1", mtu: 9000 });
});

test("a record of another form says nothing", () => {
  expect(recordedNodes([{ urn: "u", inputs: { settings: { nodes: "many" } }, outputs: {} }])).toEqual(new Map());
  expect(recordedNodes([{ urn: "u", inputs: {}, outputs: {} }])).toEqual(new Map());
});
