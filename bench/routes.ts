import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Table from "cli-table3";
import { allocate } from "../components/addresses/plan";
import { decide } from "../components/routes/decide";
import { routesRequest } from "../components/routes/request";
import { emptyAws } from "../test/engine/stand-in/memory";
import { StandIn } from "../test/engine/stand-in/stand-in";
import { measure } from "./measure";

interface Figure {
  what: string;
  value: number;
  most: number;
  unit: "s" | "routes";
}

const project = join(__dirname, "../..");
const nodes = (count: number) => Array.from({ length: count }, (_, index) => `node${index}`);
const eni = (index: number) => `eni-${index.toString(16).padStart(17, "0")}`;

/** What routes in a cloud cost: the plan alone, a preview by the real engine with a stand-in for AWS, and the imports. */
export async function measureRoutes(): Promise<void> {
  const figures = [planSeconds(5000), ...(await previews(1000)), await importSeconds()];
  const table = new Table({ head: ["", "measured", "goal", ""], style: { head: [], border: [], compact: true } });
  for (const { what, value, most, unit } of figures) {
    const shown = unit === "s" ? `${value.toFixed(2)} s` : String(value);
    table.push([what, shown, `at most ${most} ${unit}`, value <= most ? "reached" : "missed"]);
  }
  console.log(table.toString());
}

function planSeconds(count: number): Figure {
  const names = nodes(count);
  const subnets = allocate(undefined, { pools: [{ cidr: "10.0.0.0/8", nodePrefix: 24 }], nodes: names });
  const request = {
    cloud: "alicloud" as const,
    podCidr: ["10.0.0.0/8"],
    subnets,
    nodes: Object.fromEntries(names.map((name, index) => [name, { hop: eni(index), forwards: true }])),
    tables: { a: { id: "vtb-a", standing: [] }, b: { id: "vtb-b", standing: [] } },
    quota: count,
  };
  const started = performance.now();
  const { problems } = decide(undefined, routesRequest.parse(request));
  if (problems.length > 0) throw new Error(problems[0]?.rule);
  return { what: `a plan of ${count} nodes`, value: (performance.now() - started) / 1000, most: 1, unit: "s" };
}

async function previews(count: number): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), "podnet-bench-routes-"));
  const standIn = await StandIn.start("aws", emptyAws(), join(folder, "aws"));
  try {
    symlinkSync(join(project, "node_modules"), join(folder, "node_modules"));
    const plugins = `[{ name: podnet, path: ${join(project, "provider/plugin")} }, { name: aws, path: ${join(folder, "aws")} }]`;
    const yaml = `name: bench\nruntime: { name: nodejs, options: { typescript: false } }\nmain: program.js\nplugins: { providers: ${plugins} }\n`;
    writeFileSync(join(folder, "Pulumi.yaml"), yaml);
    writeFileSync(join(folder, "program.js"), program);
    const environment = {
      PULUMI_BACKEND_URL: `file://${folder}`,
      PULUMI_HOME: join(folder, "home"),
      PULUMI_CONFIG_PASSPHRASE: "bench",
      PULUMI_SKIP_CHECKPOINTS: "true",
    };
    const pulumi = (...words: string[]) =>
      measure("pulumi", [...words, "--non-interactive", "--color", "never"], { cwd: folder, environment });
    const want = (size: number) => writeFileSync(join(folder, "nodes.json"), JSON.stringify(nodes(size)));

    want(count);
    await pulumi("stack", "init", "bench");
    const first = await pulumi("preview");
    // An AWS table takes 1,000 routes: the last that joins.
    want(count - 1);
    await pulumi("up", "--yes", "--skip-preview");
    want(count);
    const more = JSON.parse((await pulumi("preview", "--json")).output) as { steps: { op: string; urn: string }[] };
    const made = more.steps.filter(({ op, urn }) => op !== "same" && urn.includes("aws:ec2/route:Route"));
    return [
      { what: `a preview of ${count} routes`, value: first.seconds, most: 15, unit: "s" },
      {
        what: `changed routes of one table when a node joins ${count - 1}`,
        value: made.length,
        most: 1,
        unit: "routes",
      },
    ];
  } finally {
    standIn.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What `import "podnet"` takes beside the Pulumi SDK; the least of five. */
async function importSeconds(): Promise<Figure> {
  const script = `require("@pulumi/pulumi"); const began = performance.now(); require("./dist/components"); console.log(performance.now() - began);`;
  const times: number[] = [];
  for (let tries = 0; tries < 5; tries += 1)
    times.push(Number((await measure("node", ["-e", script], { cwd: project })).output) / 1000);
  return { what: "import of podnet beside @pulumi/pulumi", value: Math.min(...times), most: 0.3, unit: "s" };
}

const program = `
const { AddressPlan } = require("${project}/dist/components");
const { AwsRoutes } = require("${project}/dist/components/aws");
const nodes = require("./nodes.json");
const podCidr = "10.128.0.0/9";
const { subnets } = new AddressPlan("pods", { pools: [{ cidr: podCidr, nodePrefix: 24 }], nodes });
const eni = (index) => ({ networkInterface: "eni-" + index.toString(16).padStart(17, "0") });
new AwsRoutes("pods", {
  network: { subnets, podCidr },
  vpc: "vpc-00000000000000001",
  nodes: Object.fromEntries(nodes.map((name, index) => [name, eni(index)])),
  tables: { private: "rtb-00000000000000001" },
  quota: 1000,
});
`;
