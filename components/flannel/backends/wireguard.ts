import { z } from "zod";
import { udpPort } from "../../network-nodes/firewall";
import { secretText } from "../../secret-text";
import { type BackendKind, backendSchema } from "./kind";

const schema = backendSchema("wireguard", {
  /** A secret that all nodes share, on top of their own keys: `wg genpsk` makes one. @default none */
  psk: secretText
    .refine(
      (psk) => typeof psk !== "string" || /^[A-Za-z0-9+/]{43}=$/.test(psk),
      "a pre-shared key of WireGuard, 32 bytes in base64, such as `wg genpsk` makes",
    )
    .optional(),
  /** UDP port; that of tunnels over IPv4 when each family has its own. @default 51820, WireGuard's */
  port: z.int().min(1).max(65535).default(51820),
  /** UDP port of tunnels over IPv6 when each family has its own. @default 51821, flannel's */
  portV6: z.int().min(1).max(65535).default(51821),
  /** A tunnel for each family, or one for both, over the family named or the one that works. @default "separate" */
  mode: z.enum(["separate", "auto", "ipv4", "ipv6"]).default("separate"),
  /** Seconds between packets that keep a NAT on the way open; 0 sends none. @default 0 */
  keepaliveSeconds: z.int().min(0).max(65535).default(0),
});

/** Encrypted tunnels. The device is gone while flanneld restarts, and with it the node's traffic to other nodes. */
export const wireguard: BackendKind<typeof schema> = {
  schema,
  flannelType: "wireguard",
  families: ["ipv4", "ipv6"],
  // Outer IPv6 40, UDP 8, WireGuard 32: flannel takes the larger of both families off.
  overhead: () => 80,
  ports: ({ port, portV6, mode }, families) => {
    if (mode !== "separate") return [udpPort(port)];
    return families.map((family) => udpPort(family === "ipv4" ? port : portV6));
  },
  modules: ["wireguard"],
  devices: () => ["flannel-wg", "flannel-wg-v6"],
  configuration: ({ port, portV6, mode, keepaliveSeconds }, { underlayMtu, psk }) => ({
    ListenPort: port,
    ListenPortV6: portV6,
    Mode: mode,
    PersistentKeepaliveInterval: keepaliveSeconds,
    ...(underlayMtu !== undefined && { MTU: underlayMtu }),
    ...(psk !== undefined && { PSK: psk }),
  }),
};
