import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { Command, InvalidArgumentError } from "commander";
import { Bed } from "./bed";
import { measureReach } from "./reach";
import { emptyResults, type Figures, type Results } from "./results";
import { measureRoutes } from "./routes";
import { type Measuring, measureFloor, measurePeers, measurePodnet } from "./suite";
import { tableOf } from "./table";

/** Ansible takes more than five minutes for 100 nodes, and memory that grows with them. */
const mostNodesOfPeers = 100;

const resultsFile = join(__dirname, "../../bench/results.json");

interface Options {
  nodes: number[];
  peers: boolean;
}

async function main({ nodes, peers }: Options): Promise<void> {
  const results = emptyResults();
  for (const size of nodes) {
    await measureSize(results, size, peers && size <= mostNodesOfPeers);
    writeFileSync(resultsFile, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  console.log(tableOf(results));
}

async function measureSize(results: Results, size: number, peers: boolean): Promise<void> {
  const say = (words: string) => console.error(`${size} nodes: ${words}`);
  const report: Measuring["report"] = (scenario, figures) => {
    results[scenario][size] = { ...results[scenario][size], ...figures } as Figures;
    for (const [name, value] of Object.entries(figures)) say(`  ${name} ${value}`);
  };
  say("lab");
  const bed = await Bed.up(size, peers ? ["python3"] : []);
  try {
    const measuring = { bed, report, say };
    await measureFloor(measuring);
    await measurePodnet(measuring);
    if (peers) await measurePeers(measuring);
  } finally {
    await bed.down();
  }
}

function sizes(text: string): number[] {
  const numbers = text.split(",").map(Number);
  if (numbers.every((number) => Number.isInteger(number) && number >= 2 && number <= 1000)) return numbers;
  throw new InvalidArgumentError("numbers of nodes from 2 to 1000, such as 20,100");
}

const command = new Command("bench")
  .description("measures podnet beside its peers on nodes of this machine, and writes bench/results.json")
  .option("--nodes <numbers>", "how many nodes, one run each", sizes, [20, 100, 500])
  .option("--no-peers", "leave Ansible and pyinfra out")
  .action(main);
command
  .command("routes")
  .description("measures what routes in a cloud's tables cost, with a stand-in for the cloud")
  .action(measureRoutes);
command
  .command("reach")
  .description("measures what the question costs who reaches whom by policies")
  .action(measureReach);
void command.parseAsync();
