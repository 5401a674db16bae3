import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeEach, expect, test, vi } from "vitest";
import { reachCommand } from "../../../../commands/reach/command";

const folder = mkdtempSync(join(tmpdir(), "podnet-reach-"));
const write = (name: string, text: string) => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
const deployment = (name: string, port: string) => `
apiVersion: apps/v1
kind: Deployment
metadata: { name: ${name}, namespace: shop }
spec: { template: { metadata: { labels: { app: ${name} } }, spec: { containers: [{ name: c, ports: [${port}] }] } } }
`;
const policy = (port: string) => `
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: { name: db, namespace: shop }
spec:
  podSelector: { matchLabels: { app: db } }
  ingress: [{ from: [{ podSelector: { matchLabels: { app: web } } }], ports: [{ port: ${port} }] }]
`;
const web = deployment("web", "{ name: http, containerPort: 8080 }");
const db = deployment("db", "{ name: sql, containerPort: 5432 }");
const shop = write("shop.yaml", [web, db, policy("sql")].join("---"));
const items = [web, db, policy("5000")].map((text) => `- ${text.trim().replaceAll("\n", "\n  ")}`).join("\n");
const changed = write("changed.yaml", `apiVersion: v1\nkind: List\nitems:\n${items}\n`);
afterAll(() => rmSync(folder, { recursive: true }));

let printed: string[];
let said: string[];
beforeEach(() => {
  [printed, said, process.exitCode] = [[], [], undefined];
  vi.spyOn(console, "log").mockImplementation((text: string) => void printed.push(text));
  vi.spyOn(console, "error").mockImplementation((text: string) => void said.push(text));
});

/** What the command prints. */
async function reach(...words: string[]): Promise<string> {
  await reachCommand().parseAsync(words, { from: "user" });
  return printed.join("\n");
}

test("allowed connections come with the rule that decided", async () => {
  const text = await reach(shop);
  expect(text).toMatch(
    /shop: Deployment\/web +│ shop: Deployment\/db +│ TCP 5432 +│ NetworkPolicy shop\/db, ingress rule 0/,
  );
  expect(text).toMatch(/shop: Deployment\/db +│ shop: Deployment\/web +│ all +│ no policy selects them/);
});

test("a List is read as its items, and JSON has the same lines", async () => {
  const { allowed } = JSON.parse(await reach(changed, "--json")) as { allowed: { from: string; traffic: string }[] };
  expect(allowed).toContainEqual({
    from: "shop: Deployment/web",
    to: "shop: Deployment/db",
    traffic: "TCP 5000",
    because: ["NetworkPolicy shop/db, ingress rule 0"],
  });
});

test("Graphviz gets a box for each group and an arrow for each line", async () => {
  const text = await reach(shop, "--graphviz");
  const [, web] = /(n\d+) \[label="shop: Deployment\/web"\]/.exec(text) ?? [];
  const [, db] = /(n\d+) \[label="shop: Deployment\/db"\]/.exec(text) ?? [];
  expect(text).toContain(`${web} -> ${db} [label="TCP 5432"];`);
});

test("why says what is allowed, what is not and by which rule", async () => {
  const text = await reach("--why", "shop/web", "shop/db", shop);
  expect(text).toMatch(/✔ │ TCP 5432 .*allowed: NetworkPolicy shop\/db, ingress rule 0/);
  expect(text).toMatch(/✖ │ all but TCP 5432 .*denied: no ingress rule of NetworkPolicy shop\/db/);
});

test("why about one port speaks of nothing else, and an address outside can be asked", async () => {
  const text = await reach("--why", "203.0.113.9", "shop/db", "--port", "sql", shop);
  expect(text).toMatch(/✖ │ TCP 5432 .*denied: no ingress rule of NetworkPolicy shop\/db/);
  expect(text).not.toContain("✔");
});

test("a difference lists what is opened and closed, and fails when it is told to", async () => {
  const text = await reach("--diff", shop, changed);
  expect(text).toMatch(/opened.*\n.*\n│ TCP 5000 +│ shop: Deployment\/web +│ shop: Deployment\/db/);
  expect(text).toMatch(/closed.*\n.*\n│ TCP 5432 /);
  expect(process.exitCode).toBeUndefined();
  await reach("--diff", shop, changed, "--fail-on", "opened");
  expect(process.exitCode).toBe(1);
  process.exitCode = undefined;
  await reach("--diff", shop, shop, "--fail-on", "any");
  expect(process.exitCode).toBeUndefined();
});

test("every object that cannot be read is named with its file, its document and what it needs", async () => {
  const broken = write(
    "broken.yaml",
    [
      policy("70000"),
      policy("sql").replace("podSelector: { matchLabels: { app: web", "podSelektor: { matchLabels: { app: web"),
    ].join("---"),
  );
  await expect(reach(broken)).rejects.toThrow(/broken\.yaml, document 1 .*70000|value 70000/s);
  await expect(reach(broken)).rejects.toThrow(/document 2 .*: ingress\[0\]\.from\[0\]/);
  await expect(reach(broken)).rejects.toThrow('did you mean "podSelector"?');
});

test("what is no manifest is refused with the way out", async () => {
  await expect(reach(write("list.yaml", "- 1\n"))).rejects.toThrow(/document 1 is a list .* it needs apiVersion, kind/);
  await expect(reach(write("bad.yaml", "a: [\n"))).rejects.toThrow(/bad\.yaml, document 1 is no YAML/);
  await expect(reach(join(folder, "absent.yaml"))).rejects.toThrow("no such file or folder");
  await expect(reach("--why", "shop/wep", "shop/db", shop)).rejects.toThrow("did you mean shop/Deployment/web?");
  await expect(reach("--why", "shop/web", "shop/db", "--port", "x", shop)).rejects.toThrow(
    "--port x is no port of shop/db",
  );
  await expect(reach("--diff", shop)).rejects.toThrow("--diff takes two files or folders");
});

test("an option that would be passed by is refused", async () => {
  await expect(reach(shop, "--context", "prod")).rejects.toThrow("--context prod names a cluster, and files are read");
  await expect(reach("--diff", shop, changed, "--context", "prod")).rejects.toThrow("leave one of the two out");
  const refused = async (...words: string[]) => {
    const command = reachCommand()
      .exitOverride()
      .configureOutput({ writeErr: () => {} });
    await expect(command.parseAsync(words, { from: "user" })).rejects.toThrow("cannot be used with option");
  };
  await refused(shop, "--why", "shop/web", "shop/db", "--namespace", "shop");
  await refused("--diff", shop, changed, "--namespace", "shop");
  await refused("--diff", shop, changed, "--why", "shop/web", "shop/db");
});

test("policies of kinds that are not evaluated are said, and a namespace narrows the list", async () => {
  const other = write(
    "cilium.yaml",
    `${web}---\napiVersion: cilium.io/v2\nkind: CiliumNetworkPolicy\nmetadata: { name: l7, namespace: shop }\nspec: {}\n`,
  );
  await reach(other);
  expect(said.join("\n")).toContain("CiliumNetworkPolicy of cilium.io/v2 is not evaluated");
  await expect(reach(other, "--namespace", "absent")).rejects.toThrow("there are: shop");
});
