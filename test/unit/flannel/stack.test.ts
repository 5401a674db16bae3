import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { kindOf } from "../../../components/flannel/backends";
import { read, twoSegments, type Written } from "./read";

test("the stack's settings are taken, for nodes as the lab has them", () => {
  const text = readFileSync(join(__dirname, "../../../stacks/Pulumi.lab-flannel.yaml"), "utf8");
  const { config } = parse(text) as { config: { network: Written & { type: string; name: string } } };
  const { type, name, ...network } = config.network;
  expect(type).toBe("flannel");
  const settings = read({ ...network, nodes: twoSegments }, name);
  expect(kindOf(settings.backend).flannelType).toBe("vxlan");
  expect(settings.mtu).toBe(1430);
});
