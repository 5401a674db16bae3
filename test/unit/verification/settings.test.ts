import { expect, test } from "vitest";
import { z } from "zod";
import { verificationSettings } from "../../../components/verification/settings";

const node = (name: string) => ({ name, connection: { host: "192.0.2.1" } });
const valid = {
  network: "pods",
  nodes: [node("node1"), node("node2")],
  cni: { configFile: "/etc/cni/net.d/10-pods.conflist" },
  mtu: 1500,
};

test("defaults are explicit after parsing", () => {
  expect(verificationSettings.parse(valid)).toMatchObject({
    cni: { binaryDirectory: "/opt/cni/bin" },
    families: ["ipv4"],
    failOn: "any",
    triggers: {},
  });
});

test("all problems are named at once", () => {
  const wrong = { ...valid, nodes: [node("node1"), node("node1")], mtu: 1000, families: ["ipv6"] };
  const text = z.prettifyError(verificationSettings.safeParse(wrong).error as z.ZodError);
  expect(text).toContain('"node1" is the name of another node too');
  expect(text).toContain("1280 bytes that IPv6 needs");
});

test.each([
  ["a relative file", { ...valid, cni: { configFile: "10-pods.conflist" } }],
  ["a file that is no CNI configuration", { ...valid, cni: { configFile: "/etc/passwd" } }],
  ["no nodes", { ...valid, nodes: [] }],
  ["an unknown option", { ...valid, retries: 3 }],
  ["no peers", { ...valid, coverage: { peers: 0 } }],
])("refuses %s", (_, settings) => {
  expect(verificationSettings.safeParse(settings).success).toBe(false);
});
