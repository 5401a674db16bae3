import { addresses, controlHost } from "../address";

/** Addresses of a lab's cluster. They are inside it only, so that every lab has the same. */
export const clusterNetworks = {
  /** Each node gets a /24 and a /64 of them. */
  pods: { ipv4: "10.244.0.0/16", ipv6: "fd98:244::/48" },
  services: { ipv4: "10.96.0.0/16", ipv6: "fd98:96::/112" },
  /** Where pods find the API server: the first service address. */
  apiService: "10.96.0.1",
} as const;

export const apiPort = 6443;

/** The control plane, a machine of its own in segment a. */
export const controlPlane = (slot: number) => addresses(slot, "a", controlHost);

export const apiServer = (slot: number) => `https://${controlPlane(slot).ipv4}:${apiPort}`;
