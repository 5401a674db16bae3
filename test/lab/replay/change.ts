import type { NetworkName } from "./choices";
import { classOf, differences, refusalDifferences, said } from "./compare";
import { networkOf, type Wanted } from "./draw";
import { ping } from "./pings";
import type { Stage } from "./stage";

/** Runs that are previewed and made in one go. */
export interface Together {
  runs: number[];
  /** What the table of changes says of them. */
  refused: boolean;
}

/** Previews a change and makes it. It answers what was changed, and where that is not what the preview said. */
export async function change(
  stage: Stage,
  from: Wanted,
  to: Wanted,
  { networks, runs: together, refused }: Together & { networks: NetworkName[] },
): Promise<{ words: string; wrong: string[] }> {
  stage.want(to, networks);
  const before = stage.seen ?? (await stage.look());
  const told = said(await stage.preview());
  const { verdict } = told.review;
  const words = together
    .map((run) => [run, networkOf(run)] as const)
    .map(([run, network]) => [`run ${run}, ${network}: ${changed(from, to, network)}`, classOf(told, network)])
    // What is refused is in no step, and is alone.
    .map(([what, danger]) => `${what} → ${verdict === "refused" ? verdict : danger}`)
    .join("\n");
  // Only a safe change promises that no packet is lost.
  const stays = networks.includes("bridge") && verdict === "safe" ? staying(from, to) : undefined;
  const lost = stage.lab && stays && (await ping(stage.lab, stays));
  const { code, output } = await stage.up();
  const losses = ((await lost?.()) ?? []).map((line) => `a safe change lost packets: ${line}`);
  const after = await stage.look();
  if ((verdict === "refused") !== refused)
    return {
      words,
      wrong: [
        `the table of changes ${refused ? "refuses it" : "refuses nothing of it"}, and the preview says ${verdict}`,
        ...told.review.meanings.map(({ reason }) => reason),
      ],
    };
  if (refused) return { words, wrong: refusalDifferences(code, before, after) };
  const failed = code === 0 ? [] : [`the update fails: ${output.slice(-4000)}`];
  return { words, wrong: [...failed, ...losses, ...differences(told, before, after)] };
}

function staying(from: Wanted, to: Wanted): string[] {
  const [was, is] = [from, to].map(({ bridge }) => bridge.nodes as string[]);
  return (was ?? []).filter((node) => is?.includes(node));
}

function changed(from: Wanted, to: Wanted, network: NetworkName): string {
  const [was, is] = [from[network], to[network]];
  return Object.keys(is)
    .filter((name) => JSON.stringify(was[name]) !== JSON.stringify(is[name]))
    .map((name) => `${name} ${JSON.stringify(was[name]) ?? "unset"} → ${JSON.stringify(is[name]) ?? "unset"}`)
    .join(", ");
}
