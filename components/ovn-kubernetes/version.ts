import { z } from "zod";

/** A release of OVN-Kubernetes. */
export const version = z.string().regex(/^\d+\.\d+\.\d+$/, 'a release such as "1.0.0"');

/** A Kubernetes version, of which only the first two numbers count. */
export const kubernetesVersion = z.string().regex(/^v?1\.\d+(\.\d+)?$/, 'a version such as "1.33"');

/** How a release is installed: 1.0 by podnet's own objects, 1.3 by upstream's chart, which it has nothing else for. */
export type Install = "objects" | "chart";

/** What podnet knows of releases: how they are installed, and the first minor of Kubernetes that they run on. */
const releases: Record<string, { install: Install; kubernetes: number }> = {
  "1.0": { install: "objects", kubernetes: 29 },
  // Rules in its definitions are beyond what 1.31 lets them cost, and some beyond that of 1.32.
  "1.3": { install: "chart", kubernetes: 33 },
};

/** "1.3.0" is of "1.3". */
export function seriesOf(release: string): string {
  return release.split(".").slice(0, 2).join(".");
}

export function knownRelease(release: string): { install: Install; kubernetes: number } | undefined {
  return releases[seriesOf(release)];
}

export const knownSeries = Object.keys(releases);

/** "1.33.2" and "v1.33" are 33. */
export function minorOf(kubernetes: string): number {
  return Number(kubernetes.replace(/^v/, "").split(".")[1]);
}
