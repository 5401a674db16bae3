import { afterAll, beforeAll, test } from "vitest";
import { expectRecorded } from "./previews/recorded";
import { CloudStack, type Wanted } from "./stand-in/clouds";
import { emptyAws, emptyGcp } from "./stand-in/memory";

// What `podnet diff` is tested with of routes in clouds: previews by the real engine, of a state that it made itself, with
// stand-ins for the clouds.

const eni = (node: string) => `eni-${Buffer.from(node).toString("hex").padStart(17, "0")}`;
const tables = { a: "rtb-0000000000000000a", b: "rtb-0000000000000000b" };

const aws = (nodes: string[], more: Record<string, unknown> = {}, interfaces = nodes): Wanted => ({
  cloud: "aws",
  nodes,
  routes: {
    vpc: "vpc-00000000000000001",
    nodes: Object.fromEntries(
      nodes.map((node, index) => [node, { networkInterface: eni(interfaces[index] as string) }]),
    ),
    tables,
    ...more,
  },
});
const gcp = (nodes: string[], instances = nodes): Wanted => ({
  cloud: "gcp",
  nodes,
  routes: {
    vpc: "cluster",
    nodes: Object.fromEntries(
      nodes.map((node, index) => [node, { instance: `projects/p/zones/z/instances/${instances[index]}` }]),
    ),
  },
});
const three = ["n1", "n2", "n3"];

const cases: { name: string; before?: Wanted; after: Wanted }[] = [
  { name: "routes-aws-created", after: aws(three) },
  { name: "safe-routes-aws-node-joins", before: aws(three), after: aws([...three, "n4"]) },
  { name: "safe-routes-aws-node-leaves", before: aws(three), after: aws(["n1", "n2"]) },
  { name: "rolling-routes-aws-interface", before: aws(three), after: aws(three, {}, ["n1", "n2", "n3b"]) },
  { name: "disruptive-routes-aws-table-left-out", before: aws(three), after: aws(three, { tables: { a: tables.a } }) },
  { name: "refused-routes-aws-quota", before: aws(three), after: aws([...three, "n4"], { quota: 3 }) },
  { name: "routes-gcp-created", after: gcp(three) },
  { name: "safe-routes-gcp-node-joins", before: gcp(three), after: gcp([...three, "n4"]) },
  { name: "rolling-routes-gcp-instance", before: gcp(three), after: gcp(three, ["n1", "n2", "n3b"]) },
];

let clouds: CloudStack;
beforeAll(async () => {
  clouds = await CloudStack.create({ aws: emptyAws(), gcp: emptyGcp() });
});
afterAll(() => clouds?.remove());

test.each(cases)("$name", async ({ name, before, after }) => {
  await clouds.loseState();
  if (before) {
    clouds.want(before);
    await clouds.stack.must("up", "--yes", "--skip-preview");
  }
  clouds.want(after);
  const { output } = await clouds.stack.run("preview", "--json");
  expectRecorded(name, output, clouds.stack.folder);
});
