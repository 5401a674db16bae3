import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import type { Lab } from "../../lab";
import type { Outcome } from "../../lab/shell";
import { attachAll, type PodsOn } from "./pods";

/** tcpdump that says each packet at once, so that none is lost when it is stopped. */
export const tcpdump = "tcpdump --immediate-mode -l -n";

/**
 * What a program prints that listens, such as tcpdump, while something happens. That begins once the program says on
 * stderr that it is "listening on"; the program is stopped when it is over and `enough` was printed, or in 90 seconds.
 *
 * @param run runs a script where the program is to listen
 */
export async function heard(
  run: (script: string) => Promise<Outcome>,
  program: string,
  enough: RegExp,
  during: () => Promise<unknown>,
): Promise<string> {
  const folder = `/tmp/podnet-heard-${randomUUID()}`;
  // The time limit is for a program that nobody comes to stop.
  const begin = `mkdir ${folder} && cd ${folder} || exit
timeout 300 ${program} >out 2>err </dev/null & echo $! >pid
turn=0; until grep -q 'listening on' err; do
  turn=$((turn + 1)); [ $turn -le 600 ] && kill -0 $! || { cat err >&2; exit 1; }
  sleep 0.1
done`;
  const { code, stderr } = await run(begin);
  if (code !== 0) throw new Error(`does not listen: ${program}: ${stderr}`);
  try {
    await during();
    const printed = async () => (await run(`cat ${folder}/out`)).stdout;
    const deadline = performance.now() + 90_000;
    while (!enough.test(await printed()) && performance.now() < deadline) await sleep(200);
    // What should not be there may come last.
    await sleep(500);
    return await printed();
  } finally {
    await run(`kill $(cat ${folder}/pid) 2>/dev/null; rm -r ${folder}`);
  }
}

/**
 * What passes a node's cable, in tcpdump's words, while its pod pings the pod of another node: packets that match a
 * filter, as they are outside of any tunnel.
 */
export async function seenOnTheWire(
  lab: Lab,
  from: string,
  to: string,
  filter: string,
  podsOn: PodsOn = attachAll,
): Promise<string> {
  const [source, target] = await podsOn(lab, [from, to]);
  return heard(
    (script) => lab.execSwitch(script),
    `${tcpdump} -i ${from} '${filter}'`,
    /(.*\n){4}/,
    () => lab.inPod(from, source?.name ?? "", `ping -q -c 10 -i 0.3 -W 1 ${target?.addresses[0]}`),
  );
}

const headers = { ipv4: 28, ipv6: 48 };

/**
 * What speaks against `mtu` being the largest packet between pods of any two nodes, in bytes: packets of that size that
 * are lost, and larger ones that pass.
 */
export async function againstMtu(
  lab: Lab,
  nodes: readonly string[],
  mtu: number,
  podsOn: PodsOn = attachAll,
): Promise<string[]> {
  const pods = await podsOn(lab, nodes);
  const found: string[] = [];
  for (const [family, header] of Object.entries(headers)) {
    const own = pods.map((pod) => ({
      ...pod,
      addresses: pod.addresses.filter((address) => address.includes(":") === (family === "ipv6")),
    }));
    for (const size of [mtu, mtu + 1]) {
      const results = await lab.pingMatrix(own, { size: size - header });
      const wrong = results.filter(({ reached }) => reached !== (size === mtu));
      found.push(...wrong.map(({ from, to }) => `${size} bytes of ${family}: ${from.node} → ${to.node}`));
    }
  }
  return found;
}
