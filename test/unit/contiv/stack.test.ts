import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { values } from "../../../components/contiv/values";
import { settingsOf, type Written } from "./read";

test("the stack's settings are taken, and its rules reach netmaster", () => {
  const text = readFileSync(join(__dirname, "../../../stacks/Pulumi.contiv.yaml"), "utf8");
  const { config } = parse(text) as { config: { network: Written & { type: string; name: string } } };
  const { type, name, ...network } = config.network;
  expect(type).toBe("contiv");
  const keys = values(settingsOf(network, name))
    .flat()
    .map(({ key }) => key);
  expect(keys).toEqual(
    expect.arrayContaining(["default:default-net", "default:web", "default:web:1", "default:web:2"]),
  );
});
