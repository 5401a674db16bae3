import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { examine, type Patient } from "../../../../commands/doctor/examine";
import { connection } from "../../../../components/node/connection";

const patient: Patient = {
  name: "node1",
  addresses: [],
  become: false,
  connection: connection.parse({ host: "node1" }),
};
const doctors = readFileSync(join(__dirname, "data/healthy.txt"), "utf8")
  .replace(/@@ clock\n\d+/, () => `@@ clock\n${Math.floor(Date.now() / 1000)}`)
  .replace("@@ end", "@@ owners\npods\n../../etc\n@@ end");
const committed = readFileSync(join(__dirname, "../../node/facts/routed-node.txt"), "utf8");

/** What the doctor says of a node that answers with these facts. */
async function said(facts: string) {
  const asked: string[] = [];
  const perNode = await examine(
    [patient],
    "/opt/cni/bin",
    async (_, script) => {
      asked.push(script);
      return { code: 0, stdout: script.includes("@@podnet boot") ? facts : doctors, stderr: "" };
    },
    () => undefined,
  );
  return { asked, found: (perNode.get("node1") ?? []).map(({ severity, finding }) => `${severity}: ${finding}`) };
}

test("what podnet owns is counted by kind, and nothing differs on a node as it was committed", async () => {
  const { asked, found } = await said(committed);
  expect(found).toEqual([expect.stringMatching(/^note: podnet owns pods: .*\d+ sysctl, .*\d+ route/)]);
  expect(asked.join()).not.toContain("../../etc");
});

test("what somebody changed by hand is named, with what it was", async () => {
  const { found } = await said(committed.replace(/^(net\/ipv4\/ip_forward:)1$/m, "$10"));
  expect(found).toContain("warning: pods: sysctl net/ipv4/ip_forward is value=0, and was committed as value=1");
});

test("many differences are ten lines and a number", async () => {
  const bare = ["ipv4", "ipv6", "links", "paths", "sysctls"].reduce(
    (facts, section) => facts.replace(new RegExp(`(^@@podnet ${section}\n)[^@]*`, "m"), "$1"),
    committed,
  );
  const { found } = await said(bare);
  const lines = found.filter((line) => line.startsWith("warning: pods:"));
  expect(lines).toHaveLength(11);
  expect(lines[0]).toContain("is absent, and was committed as");
  expect(lines.at(-1)).toMatch(/warning: pods: \d+ more things are not as committed/);
});

test("a node that lies about it, or paints the terminal, is a finding without what a terminal acts on", async () => {
  const { found } = await said(committed.replace('"ifname":"eth0"', '"ifname":"\u001b[2Jeth 0"'));
  expect(found.join()).toMatch(/warning: pods: its answer is not what the facts script prints/);
  expect(found.join()).not.toMatch(/\p{Cc}/u);
});
