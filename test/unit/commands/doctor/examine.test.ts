import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { examine, type Patient } from "../../../../commands/doctor/examine";
import { jsonReport, names, textReport } from "../../../../commands/doctor/report";
import { connection } from "../../../../components/node/connection";

const patient = (name: string, become = false): Patient => ({
  name,
  addresses: [],
  become,
  connection: connection.parse({ host: name, user: "admin", become }),
});
const healthy = readFileSync(join(__dirname, "data/healthy.txt"), "utf8").replace(
  /@@ clock\n\d+/,
  () => `@@ clock\n${Math.floor(Date.now() / 1000)}`,
);

test("a node that cannot be reached and one without sudo are findings, and the others are looked at", async () => {
  const done: string[] = [];
  const perNode = await examine(
    [patient("good"), patient("gone"), patient("sudoless", true)],
    "/opt/cni/bin",
    async ({ name }) => {
      if (name === "gone") throw new Error("connect ETIMEDOUT 192.0.2.9:22");
      if (name === "sudoless") return { code: 1, stdout: "", stderr: "sudo: a password is required\n" };
      return { code: 0, stdout: healthy, stderr: "" };
    },
    (node) => done.push(node),
  );
  expect(perNode.get("good")).toEqual([]);
  expect(perNode.get("gone")).toEqual([
    {
      severity: "blocking",
      finding: "no access: connect ETIMEDOUT 192.0.2.9:22",
      wayOut: "see what ssh -v -p 22 admin@gone says",
    },
  ]);
  expect(perNode.get("sudoless")?.[0]).toMatchObject({
    finding: "scripts do not run to their end: sudo: a password is required",
    wayOut: "allow this user passwordless sudo (NOPASSWD)",
  });
  expect(done.sort()).toEqual(["gone", "good", "sudoless"]);

  const text = textReport(perNode, 100);
  expect(text).toContain("nothing found on good");
  expect(text).toContain("3 nodes, 2 blocked");
  expect(JSON.parse(jsonReport(perNode))).toMatchObject({ blocked: true, nodes: { good: [] } });
});

test("a thousand nodes with one finding are one row", () => {
  const finding = { severity: "warning", finding: "ping is missing", wayOut: "install iputils-ping" } as const;
  const perNode = new Map(Array.from({ length: 1000 }, (_, index) => [`node${index}`, [finding]] as const));
  const text = textReport(new Map([...perNode].map(([node, found]) => [node, [...found]])), 120);
  expect(text.split("\n").length).toBeLessThan(10);
  expect(text).toContain("1000 nodes, 0 blocked");
  expect(names([...perNode.keys()])).toBe("node0, node1, node2 and 997 more");
});
