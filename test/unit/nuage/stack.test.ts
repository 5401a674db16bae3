import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { rack } from "../contiv/read";
import { settingsOf, type Written } from "./read";

test("the stack's settings are taken, with the certificate that the stack keeps as a secret", () => {
  const text = readFileSync(join(__dirname, "../../../stacks/Pulumi.nuage.yaml"), "utf8");
  const { config } = parse(text) as { config: { network: Written & { type: string; name: string } } };
  const { type, name, ...network } = config.network;
  expect(type).toBe("nuage");
  const nodes = { ...rack, nodes: { ...rack.nodes, control1: { connection: { host: "198.18.0.5" } } } };
  const vsd = { ...network.vsd, certificate: "a", key: "b" } as Written["vsd"];
  const settings = settingsOf({ ...network, nodes, vsd } as Written, name);
  expect(settings.images.vrs).toBe("registry.example.com/nuage/vrs:20.10.6");
});
