import type { Problem } from "../addresses/problem";
import { settingsProblems as bridgeProblems } from "../bridge/check";
import { nameProblems } from "../network-nodes/name";
import { needlessNodes } from "../network-nodes/needless";
import { rangeProblems, rangeWarnings, someOf } from "../network-nodes/ranges";
import { parsedBridge } from "./bridge";
import { addressProblems } from "./check-addresses";
import { policyProblems } from "./check-policy";
import { routingProblems } from "./check-routing";
import { topologyProblems } from "./check-topology";
import { vipProblems } from "./check-vips";
import { complete, isPlanned, type RomanaSettings } from "./complete";
import type { ParsedSettings } from "./settings";

/** What is wrong with settings beyond the single field. */
export function settingsProblems(name: string, parsed: ParsedSettings): Problem[] {
  const settings = complete(name, parsed);
  const addresses = addressProblems(settings);
  return [
    ...legacyProblems(settings, parsed),
    ...addresses,
    ...policyProblems(settings),
    ...routingProblems(settings),
    ...vipProblems(settings),
    ...(parsed.nodes ? [] : needlessNodes({ openPorts: parsed.openPorts, networkManager: parsed.networkManager })),
    // What is divided must be a range of the right kind.
    ...(addresses.length > 0 ? nameProblems(name) : [...topologyProblems(settings), ...nodeProblems(settings)]),
  ];
}

/** With subnets that podnet plans, what BridgeNetwork finds wrong with such nodes, ranges and packets. */
function nodeProblems(settings: RomanaSettings): Problem[] {
  const { name, nodes, mtu } = settings;
  if (isPlanned(settings)) return bridgeProblems(name, parsedBridge(settings)).map(placed);
  const narrow = (nodes?.nodes ?? []).filter((node) => node.mtu < mtu);
  return [
    ...nameProblems(name),
    ...rangeProblems(settings, nodes),
    ...(narrow.length > 0
      ? [
          {
            path: "mtu",
            value: String(mtu),
            rule: `packets of ${mtu} bytes do not fit the NIC of ${someOf(narrow)}`,
            fix: "take less, or correct the mtu of these nodes in the inventory",
          },
        ]
      : []),
  ];
}

/** The same setting is at another place here, and a tunnel is nothing of Romana's. */
function placed(problem: Problem): Problem {
  const path = problem.path.replace(/^nodePrefix\.ipv4$/, "nodePrefix");
  return { ...problem, path, ...(problem.fix && { fix: problem.fix.replace(/, or say crossSegment.*$/, "") }) };
}

function legacyProblems({ attach, legacy }: RomanaSettings, parsed: ParsedSettings): Problem[] {
  return [
    ...(attach === "romana" && !legacy
      ? [
          {
            path: "attach",
            value: attach,
            rule: "Romana's programs have not been changed since 2018, and get no fixes",
            fix: 'say attach: "cni", which keeps Romana\'s addresses and routes without them, or legacy: true to run them all the same',
          },
        ]
      : []),
    ...(attach === "cni" && parsed.programs
      ? [
          {
            path: "programs",
            rule: 'programs is set, and with attach "cni" none of Romana\'s runs',
            fix: "leave programs out",
          },
        ]
      : []),
    ...(attach === "cni" && !parsed.nodes
      ? [
          {
            path: "nodes",
            rule: 'attach "cni" prepares nodes, and there are none',
            fix: "say nodes: Inventory.fromFile(path)",
          },
        ]
      : []),
    ...(attach === "romana" && Object.keys(parsed.artifacts).length > 0
      ? [
          {
            path: "artifacts",
            rule: "Romana's agent brings its plugin itself",
            fix: 'leave artifacts out, or say attach: "cni"',
          },
        ]
      : []),
  ];
}

/** What is likely to go wrong, and is the user's to judge; and how upstream is, once. */
export function settingsWarnings(settings: RomanaSettings): string[] {
  const { nodes, programs, policies } = settings;
  return [
    programs
      ? "Romana is legacy: its last release is of 2018, nothing of it is fixed, also nothing of security, and its images may be gone from their registry"
      : "none of Romana's programs runs: addresses and routes are Romana's, pods are attached by the bridge plugin",
    ...(policies
      ? []
      : [
          "nothing enforces NetworkPolicy: make a CalicoNetwork for policy alone beside it, and tell PolicyBaseline cni: calico",
        ]),
    ...(programs && programs.etcd.endpoints.length === 0
      ? [
          `Romana's etcd answers everybody by plain HTTP on port ${programs.etcd.clientPort} of the control plane: close it to all but the nodes`,
        ]
      : []),
    ...(nodes?.warnings ?? []),
    ...rangeWarnings(settings),
  ];
}
