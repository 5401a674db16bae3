import { describe, expect, test } from "vitest";
import { nodeState } from "../../../components/node/state";

const problems = (state: object) => nodeState.safeParse(state).error?.issues.map(({ message }) => message) ?? [];

describe("a unit that is to be enabled", () => {
  const unit = (content: string, more = {}) => ({ units: [{ name: "x.service", content, ...more }] });
  const plain = "[Service]\nExecStart=/bin/true\n";

  test("without an [Install] section is refused, since systemd would leave it as it is", () => {
    expect(problems(unit(plain))).toEqual([
      "a unit without an [Install] section cannot be enabled; give it one, or say enabled: false",
    ]);
  });

  test("with one, or not to be enabled, or somebody else's, is taken", () => {
    expect(problems(unit(`${plain}\n[Install]\nWantedBy=multi-user.target\n`))).toEqual([]);
    expect(problems(unit(plain, { enabled: false }))).toEqual([]);
    expect(problems({ units: [{ name: "x.service" }] })).toEqual([]);
  });
});

test("a device's name is one that the kernel takes", () => {
  expect(problems({ links: [{ type: "bridge", name: "br:0" }] })).toHaveLength(1);
  expect(problems({ links: [{ type: "bridge", name: "br.0" }] })).toEqual([]);
});
