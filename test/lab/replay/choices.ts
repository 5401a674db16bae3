import { inCluster } from "./in-cluster";
import { bridged, onHosts } from "./on-nodes";
import type { Played } from "./played";

export type NetworkName = keyof typeof inCluster | keyof typeof onHosts | keyof typeof bridged;

/** Networks whose settings are changed. */
export const choices: Record<NetworkName, Played> = { ...bridged, ...inCluster, ...onHosts };
export const networks = Object.keys(choices) as NetworkName[];

/** Networks that are played beside each other, each group in a stack of its own. */
export const groups = [bridged, inCluster, onHosts].map((group) => Object.keys(group) as NetworkName[]);
