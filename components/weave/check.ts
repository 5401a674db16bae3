import { smallestMtu } from "../addresses/mtu";
import type { Problem } from "../addresses/problem";
import { nameProblems } from "../network-nodes/name";
import { rangeProblems, rangeWarnings, someOf } from "../network-nodes/ranges";
import { editionProblems, upstreamState } from "./check-edition";
import { modeProblems } from "./check-mode";
import { peerProblems, peerWarnings } from "./check-peers";
import { podRangeProblems } from "./check-range";
import { complete, overheadOf, type WeaveSettings } from "./complete";
import type { ParsedSettings } from "./settings";

/** What is wrong with settings beyond the single field. */
export function settingsProblems(name: string, parsed: ParsedSettings): Problem[] {
  const settings = complete(name, parsed);
  return [
    ...nameProblems(name),
    ...editionProblems(settings),
    ...modeProblems(settings, parsed),
    ...podRangeProblems(settings),
    ...rangeProblems(settings, settings.nodes),
    ...peerProblems(settings),
    ...encryptionProblems(settings),
    ...mtuProblems(settings),
  ];
}

/** What is likely to go wrong, and is the user's to judge; and how upstream is, once. */
export function settingsWarnings(settings: WeaveSettings): string[] {
  const { nodes, transport } = settings;
  return [
    upstreamState(settings),
    ...(nodes?.warnings ?? []),
    ...rangeWarnings(settings),
    ...peerWarnings(settings),
    ...(transport.type === "sleeve" ? ["transport sleeve: every packet goes through weaver, which is slow"] : []),
  ];
}

function encryptionProblems({ password, trustedSubnets, transport }: WeaveSettings): Problem[] {
  return [
    ...(password === undefined && trustedSubnets.length > 0
      ? [
          {
            path: "trustedSubnets",
            rule: "trustedSubnets are those where packets are not encrypted, and without a password none is",
            fix: "say password, or leave trustedSubnets out",
          },
        ]
      : []),
    ...(password !== undefined && transport.type === "awsvpc"
      ? [
          {
            path: "password",
            rule: "with awsvpc the VPC carries pods' packets as they are: a password encrypts only what peers say to each other",
            fix: 'take transport { type: "fastdp" }, or leave password out',
          },
        ]
      : []),
  ];
}

/** Packets of pods, with what Weave puts before them, fit every node's NIC. */
function mtuProblems(settings: WeaveSettings): Problem[] {
  const { mtu, underlayMtu, nodes, transport } = settings;
  const before = overheadOf(settings);
  const needs = before > 0 ? ` and ${before} of ${transport.type}` : "";
  const narrow = Map.groupBy(
    (nodes?.nodes ?? []).filter((node) => node.mtu < mtu + before),
    (node) => node.mtu,
  );
  return [
    ...[...narrow].map(([carried, group]) => ({
      path: "mtu",
      value: String(mtu),
      rule: `packets of ${mtu} bytes${needs} do not fit the NIC of ${someOf(group)}, which carries ${carried}`,
      fix: `take ${carried - before} or less, or correct the mtu of these nodes in the inventory`,
    })),
    ...(nodes === undefined && underlayMtu !== undefined && mtu + before > underlayMtu
      ? [
          {
            path: "mtu",
            value: String(mtu),
            rule: `packets of ${mtu} bytes${needs} do not fit an underlay of ${underlayMtu}`,
            fix: `take ${underlayMtu - before} or less`,
          },
        ]
      : []),
    ...(mtu < smallestMtu.ipv4
      ? [
          {
            path: "mtu",
            value: String(mtu),
            rule: `${mtu} bytes are less than the ${smallestMtu.ipv4} that ipv4 needs`,
            fix: "raise the MTU of the NICs",
          },
        ]
      : []),
  ];
}
