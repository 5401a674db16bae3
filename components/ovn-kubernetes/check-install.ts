import type { Problem } from "../addresses/problem";
import { chartValues, clashesOf } from "./chart";
import type { OvnKubernetesSettings } from "./complete";
import type { ParsedSettings } from "./settings";
import { knownRelease, knownSeries, minorOf } from "./version";

/** Whether the release, its way of installing and the cluster go together. */
export function installProblems(settings: OvnKubernetesSettings, parsed: ParsedSettings): Problem[] {
  const { version, install, chart, crds } = settings;
  if (!knownRelease(version))
    return [
      {
        path: "version",
        value: version,
        rule: `podnet knows how OVN-Kubernetes ${knownSeries.map((one) => `${one}.x`).join(" and ")} are installed, and no other`,
        fix: 'take "1.0.0", or "1.3.0" with chart',
      },
    ];
  return [
    ...kubernetesProblems(settings, parsed),
    ...(install === "chart" && !chart
      ? [
          {
            path: "chart",
            rule: `OVN-Kubernetes ${version} has no manifests but those of its chart`,
            fix: 'check the release out, and say chart: { source: ".../helm/ovn-kubernetes" }',
          },
        ]
      : []),
    ...(install === "objects" && chart
      ? [
          {
            path: "chart",
            rule: `OVN-Kubernetes ${version} is made by podnet's own objects`,
            fix: 'leave chart out, or say version: "1.3.0"',
          },
        ]
      : []),
    ...(install === "objects" && crds === undefined
      ? [
          {
            path: "crds",
            rule: "ovnkube does not start without the definitions of its kinds of objects",
            fix: 'say crds: [{ sha256, localPath }, ...] with the files of the release, or crds: "present" where they are there',
          },
        ]
      : []),
    ...(install === "chart" && Array.isArray(crds)
      ? [
          {
            path: "crds",
            rule: "the chart has the definitions of its release",
            fix: 'leave crds out, or say "present" where they are there',
          },
        ]
      : []),
    ...valueProblems(settings),
    ...featureProblems(settings),
  ];
}

function kubernetesProblems({ version, kubernetesVersion }: OvnKubernetesSettings, parsed: ParsedSettings): Problem[] {
  const needs = knownRelease(version)?.kubernetes ?? 0;
  if (kubernetesVersion !== undefined && minorOf(kubernetesVersion) < needs)
    return [
      {
        path: "kubernetesVersion",
        value: kubernetesVersion,
        rule: `OVN-Kubernetes ${version} needs Kubernetes 1.${needs}: an older API server refuses some of its definitions`,
        fix: minorOf(kubernetesVersion) >= 29 ? 'take version: "1.0.0", without chart' : "upgrade the cluster",
      },
    ];
  if (kubernetesVersion === undefined && parsed.chart !== undefined)
    return [
      {
        path: "kubernetesVersion",
        rule: `OVN-Kubernetes ${version} needs Kubernetes 1.${needs}, and nobody says what the cluster has`,
        fix: 'say kubernetesVersion: "1.33"',
      },
    ];
  return [];
}

/** What podnet says in the chart nobody else says. */
function valueProblems(settings: OvnKubernetesSettings): Problem[] {
  const { chart, install } = settings;
  if (!chart || install !== "chart") return [];
  return clashesOf(chartValues({ ...settings, chart: { ...chart, values: {} } }), chart.values).map((path) => ({
    path: `chart.values.${path}`,
    rule: `podnet says the chart's ${path} out of its own settings`,
    fix: "leave it out, and change the setting",
  }));
}

/** What came with 1.3, and what needs another feature. */
function featureProblems({ install, version, features }: OvnKubernetesSettings): Problem[] {
  const later = (["userDefinedNetworks", "networkQos", "routeAdvertisements"] as const).filter((one) => features[one]);
  return [
    ...(install === "objects" ? later : []).map((one) => ({
      path: `features.${one}`,
      value: "true",
      rule: `OVN-Kubernetes ${version} has no such feature`,
      fix: 'leave it out, or take version: "1.3.0" with chart',
    })),
    ...(["userDefinedNetworks", "routeAdvertisements", "persistentIps"] as const)
      .filter((one) => features[one] && !features.multiNetwork && !(one === "persistentIps" && install === "chart"))
      .map((one) => ({
        path: `features.${one}`,
        value: "true",
        rule: `${one} is of second networks, and multiNetwork is off`,
        fix: "say multiNetwork: true too",
      })),
  ];
}
