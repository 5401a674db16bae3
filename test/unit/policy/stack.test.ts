import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { parse } from "yaml";
import { settingsWarnings } from "../../../components/policy/warnings";
import { read, type Written } from "./read";

interface Settings {
  config: { network?: { type: string }; policy: Written & { name: string } };
}

function settingsOf(stack: string) {
  const text = readFileSync(join(__dirname, `../../../stacks/Pulumi.${stack}.yaml`), "utf8");
  const { network, policy } = (parse(text) as Settings).config;
  const { name, ...written } = policy;
  const component = network && `podnet:index:${network.type.charAt(0).toUpperCase()}${network.type.slice(1)}Network`;
  return read({ cni: undefined, ...written, ...(component && { network: { __pulumiType: component } }) }, name);
}

test("the baseline of a cluster with Canal is an audit, and everything of it would be enforced", () => {
  const settings = settingsOf("policy");
  expect(settings.migrate).toBe("audit");
  expect(settingsWarnings(settings)).toEqual([]);
});

test("the baseline on a plain bridge says that nothing of it is enforced", () => {
  expect(settingsWarnings(settingsOf("bridge-policy"))).toEqual([
    "policy baseline in shop, web: the bridge plugin reads no policy: nothing of it is enforced",
  ]);
});
