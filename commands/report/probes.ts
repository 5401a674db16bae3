import { z } from "zod";
import type { Probe } from "../../components/verification/probes";

const answer = z.looseObject({
  reachable: z.boolean(),
  milliseconds: z.number().optional(),
  fullSize: z.boolean().optional(),
  pathMtu: z.number().optional(),
  message: z.string().optional(),
});
const verified = z.looseObject({
  networks: z.array(
    z.looseObject({
      network: z.string(),
      probes: z.array(
        z.looseObject({
          kind: z.enum(["pod", "node", "ownPod"]),
          from: z.string(),
          to: z.string(),
          family: z.enum(["ipv4", "ipv6"]),
          answer,
          translatedTo: z.string().optional(),
        }),
      ),
    }),
  ),
});

/** Every probe of what `podnet verify --json` printed, by the network's name. */
export function readProbes(text: string): ReadonlyMap<string, readonly Probe[]> {
  try {
    const { networks } = verified.parse(JSON.parse(text));
    return new Map(networks.map(({ network, probes }) => [network, probes as unknown as Probe[]]));
  } catch (error) {
    throw new Error("--probes takes what `podnet verify --json` prints, and this is something else", { cause: error });
  }
}
