import { Cidr } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import { formProblems } from "./check-form";
import { openingProblems } from "./check-openings";
import { complete, type PolicySettings } from "./complete";
import { limits } from "./limits";
import { without } from "./outside";
import { ofOwnNamespace } from "./parts";
import { isRange, type PeerValue } from "./peer";
import type { ParsedSettings } from "./settings";

/** What is wrong with settings beyond the single field. */
export function settingsProblems(name: string, parsed: ParsedSettings): Problem[] {
  const settings = complete(name, parsed);
  return [
    ...nameProblems(name),
    ...namespaceProblems(settings),
    ...formProblems(settings),
    ...openingProblems(settings),
    ...strictProblems(settings),
  ];
}

/** The longest of a policy's own names: its baseline's, a namespace's of up to 63 and an opening's of up to 40. */
function nameProblems(name: string): Problem[] {
  if (/^[a-z0-9]([-a-z0-9]{0,98}[a-z0-9])?$/.test(name)) return [];
  return [
    {
      path: "",
      value: name,
      rule: "the baseline's name is that of its policies: 1 to 100 lower-case letters, digits and dashes",
      fix: `call it ${
        name
          .toLowerCase()
          .replaceAll(/[^a-z0-9-]+/g, "-")
          .replaceAll(/^-+|-+$/g, "") || "baseline"
      }`,
    },
  ];
}

function namespaceProblems({ namespaces, profile, form, baseline }: PolicySettings): Problem[] {
  if (namespaces === undefined)
    return profile === "cis"
      ? []
      : [
          {
            path: "namespaces",
            rule: "nothing says which namespaces the baseline is for",
            fix: "say { names: [...] }, { labels: {...} } or { allBut: [kube-system, ...] }",
          },
        ];
  const own = [...new Set(ofOwnNamespace(baseline).map(({ name }) => name))];
  if (baseline.names === undefined && form === "NetworkPolicy")
    return [
      {
        path: "namespaces",
        rule: "a NetworkPolicy stands in one namespace, and a preview asks no cluster which there are",
        fix: "name them by names, list those you know with their labels in among, or take another form",
      },
    ];
  if (baseline.names === undefined && own.length > 0)
    return [
      {
        path: "namespaces",
        rule: `${form} cannot say "the same namespace", as ${own.join(", ")} does: it needs an object for each namespace, by its name`,
        fix: "name them by names, list those you know with their labels in among, or say the peer's namespace",
      },
    ];
  if (baseline.names?.length === 0)
    return [
      {
        path: "namespaces.among",
        rule: "none of these namespaces is selected: the baseline would be for nobody",
        fix: "correct the labels, or name the namespaces by names",
      },
    ];
  return [];
}

/** Where addresses of every host and pod lie, of either family; above them are multicast and what is kept back. */
const unicast = [
  { whole: Cidr.parse("0.0.0.0/0"), above: Cidr.parse("224.0.0.0/3") },
  { whole: Cidr.parse("2000::/3"), above: undefined },
];

/** Pods of every namespace, or ranges that together are all addresses of a family, whatever they leave out. */
function isEverywhere(peers: readonly PeerValue[]): boolean {
  const ranges = peers.filter(isRange).map(({ range }) => Cidr.parse(range));
  return (
    peers.some((one) => !isRange(one) && one.namespaceLabels && Object.keys(one.namespaceLabels).length === 0) ||
    unicast.some(({ whole, above }) => without(whole, above ? [...ranges, above] : ranges).length === 0)
  );
}

/** In the profile strict what is only told elsewhere is a mistake. */
function strictProblems({ profile, baseline, cni }: PolicySettings): Problem[] {
  if (profile !== "strict") return [];
  const wide = baseline.allowances.flatMap(({ name, peers, ports, direction }) => [
    ...(ports.length === 0
      ? [{ path: `openings (${name})`, rule: "strict opens no port that is not named", fix: "say its ports" }]
      : []),
    ...(isEverywhere(peers)
      ? [
          {
            path: `openings (${name})`,
            rule: `strict opens nothing ${direction === "egress" ? "to" : "from"} everywhere`,
            fix: "name the ranges, or the namespaces' labels",
          },
        ]
      : []),
  ]);
  const unenforced = cni
    ? limits(baseline, cni).map(({ where, what }) => ({
        path: "cni",
        value: cni,
        rule: `${where}: ${what}`,
        fix: "take a CNI that enforces it, or another profile",
      }))
    : [
        {
          path: "cni",
          rule: "strict is refused where policy is not enforced, and nothing says which CNI these pods have",
          fix: "give the network of these pods, or say cni",
        },
      ];
  return [...wide, ...unenforced];
}
