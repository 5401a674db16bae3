import type { Problem } from "../addresses/problem";
import { isOlder } from "../cni";
import { newest, type WeaveSettings } from "./complete";

/** How upstream is, which whoever decides on Weave should know. */
export function upstreamState({ edition, mode }: WeaveSettings): string {
  const mesos = mode === "mesos" ? "; Mesos, which has no release since 2020, gets no fixes either" : "";
  return edition === "weaveworks"
    ? `the edition weaveworks is legacy: its company closed in February 2024, the repository is archived, and nothing is fixed, also nothing of security; reweave is the same with fixes${mesos}`
    : `Weave Net lives in the fork reweave, which one maintainer keeps and answers for slowly: plan for another network${mesos}`;
}

/** What gets no fixes is made when it is asked for by name; and what a release cannot do. */
export function editionProblems(settings: WeaveSettings): Problem[] {
  const { edition, version, mode, legacy } = settings;
  const ended = isOlder(newest.weaveworks, version);
  const dead = [
    ...(edition === "weaveworks" ? [["edition", "weaveworks", "the original of Weave Net is archived"]] : []),
    ...(mode === "mesos" ? [["mode", "mesos", "Mesos has no release since 2020"]] : []),
  ] as [string, string, string][];
  return [
    ...(legacy
      ? []
      : dead.map(([path, value, reason]) => ({
          path,
          value,
          rule: `${reason}, and gets no fixes`,
          fix: "say legacy: true to make it all the same",
        }))),
    ...(ended === (edition === "weaveworks")
      ? [
          {
            path: "version",
            value: version,
            rule: ended
              ? `${newest.weaveworks} was the last release of weaveworks`
              : `releases of reweave begin after ${newest.weaveworks}, the last of weaveworks`,
            fix: `say edition: "${ended ? "reweave" : "weaveworks"}", or leave version out`,
          },
        ]
      : []),
    ...iptablesProblems(settings),
  ];
}

/** rajch/weave#20 and #24: the image has nft, and weave-npc's start relinks it for nft alone. */
function iptablesProblems({ edition, mode, policy, iptablesBackend }: WeaveSettings): Problem[] {
  if (edition !== "reweave" || mode !== "kubernetes" || !policy || iptablesBackend !== "legacy") return [];
  return [
    {
      path: "iptablesBackend",
      value: iptablesBackend,
      rule: "reweave's weave-npc writes its rules by nft whatever it is told, and rules of policy would be where the node does not look",
      fix: "switch the nodes to iptables-nft, or say policy: false",
    },
  ];
}
