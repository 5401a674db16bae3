import type { Lab } from "../../../lab";
import { attachAll, detachAll } from "../pods";

const list = "/run/replay-pings";

/**
 * Pods on these nodes that send each other packets, ten a second, until it is called: then they are gone, and it answers
 * which of them lost some.
 */
export async function ping(lab: Lab, nodes: readonly string[]): Promise<() => Promise<string[]>> {
  const pods = await attachAll(lab, nodes);
  await Promise.all(
    pods.map((from) => {
      const targets = pods.filter((to) => to !== from).flatMap((to) => to.addresses);
      const lines = targets.map(
        (address, index) => `ping -n -q -i 0.1 ${address} >${list}.${index} 2>&1 & echo $! >>${list}`,
      );
      // The first packet waits for the addresses to be resolved, which is no loss.
      return lab.inPod(
        from.node,
        from.name,
        [...targets.map((to) => `ping -n -q -c 1 -w 30 ${to}`), ...lines].join("\n"),
      );
    }),
  );
  return async () => {
    const ends = pods.map(async ({ node }) => {
      const said = `[ "$(grep -l 'packets transmitted' ${list}.* | wc -l)" -eq "$(ls ${list}.* | wc -l)" ]`;
      const ended = `turn=0; until ${said} || [ $turn -ge 600 ]; do sleep 0.1; turn=$((turn + 1)); done`;
      const end = `kill -INT $(cat ${list}); ${ended}; cat ${list}.*; rm -f ${list} ${list}.*`;
      const { stdout } = await lab.exec(node, end);
      const counts = [...stdout.matchAll(/^(\d+) packets transmitted, (\d+) received.*$/gm)];
      // The last one may be on its way when it ends.
      const losing = counts.filter(([, sent, received]) => Number(sent) - Number(received) > 1);
      return [
        ...losing.map(([line]) => `${node}: ${line}`),
        ...(counts.length < pods.length - 1 ? [`${node}: its pod sent nothing: ${stdout}`] : []),
      ];
    });
    const lines = (await Promise.all(ends)).flat();
    await detachAll(lab, nodes);
    // A pod's end of its cable goes a moment after the pod, and with it the bridge's carrier.
    const unplugged = 'until [ -z "$(bridge link)" ]; do sleep 0.1; done';
    await Promise.all(nodes.map((node) => lab.exec(node, unplugged, 300)));
    return lines;
  };
}
