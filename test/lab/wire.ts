import type { Lab } from "../../lab";
import { attachAll, type PodsOn } from "./pods";

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
  const captured = lab.execSwitch(`timeout 20 tcpdump -n -c 4 -i ${from} '${filter}' 2>/dev/null`);
  await lab.inPod(from, source?.name ?? "", `sleep 1; ping -q -c 20 -i 0.3 -W 1 ${target?.addresses[0]}`);
  return (await captured).stdout;
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
