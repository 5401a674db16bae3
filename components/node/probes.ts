import { z } from "zod";
import type { Facts, RouteFact } from "./facts";
import { quote } from "./quote";

/**
 * What must still work after a change that could cut the node off. Each is tried on the node before the change; only
 * those that work then are asked of it afterwards. A new SSH connection is always asked for.
 */
export const probe = z.union([
  /** The node's default gateways answer a ping. */
  z.literal("gateway"),
  z.strictObject({ ping: z.union([z.ipv4(), z.ipv6()]) }),
  /** Any command; it works when it ends with 0. */
  z.strictObject({ command: z.string().regex(/^[^\n\0]+$/, "one line") }),
]);
export type Probe = z.output<typeof probe>;

/** What the probes are on a node: shell commands. */
export function probeCommands(probes: Probe[], { routes }: Pick<Facts, "routes">): string[] {
  return probes.flatMap((one) => {
    if (one === "gateway") return gateways(routes).map(ping);
    return ["ping" in one ? ping(one.ping) : one.command];
  });
}

const ping = (address: string) => `ping -c 1 -W 1 ${address}`;

/** Those of the main table; a link-local one cannot be pinged by its address alone. */
function gateways(routes: RouteFact[]): string[] {
  const defaults = routes.filter(({ to, table }) => to.endsWith("/0") && table === 254);
  const vias = defaults.flatMap(({ via }) => (via && !/^fe80/i.test(via) ? [via] : []));
  return [...new Set(vias)];
}

/** Shell lines that append the commands that work to the file `probes`. */
export function probeLines(commands: string[]): string[] {
  return commands.map(
    (words) => `(eval ${quote(words)}) >/dev/null 2>&1 </dev/null && printf '%s\\n' ${quote(words)} >> "$dir/probes"`,
  );
}
