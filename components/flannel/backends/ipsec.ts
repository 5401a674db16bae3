import { z } from "zod";
import { udpPort } from "../../network-nodes/firewall";
import { secretText } from "../../secret-text";
import { type BackendKind, backendSchema } from "./kind";

/** Characters that flannel asks of the pre-shared key at the least. */
const shortestPsk = 96;

const schema = backendSchema("ipsec", {
  /** A secret that all nodes share, of 96 characters or more (flannel's rule). */
  psk: secretText.refine(
    (psk) => typeof psk !== "string" || psk.length >= shortestPsk,
    `a pre-shared key of ${shortestPsk} characters or more, such as \`openssl rand -hex 48\` makes`,
  ),
  /** ESP inside UDP, for networks that drop ESP. @default false */
  udpEncap: z.boolean().default(false),
  /** Ciphers, in strongSwan's words. @default "aes128gcm16-sha256-prfsha256-ecp256", flannel's */
  espProposal: z
    .string()
    .regex(/^[a-z0-9-]+$/, "a proposal of strongSwan, such as aes128gcm16-sha256-prfsha256-ecp256")
    .default("aes128gcm16-sha256-prfsha256-ecp256"),
});

/** Encrypted by the kernel's IPsec, keys by strongSwan's charon beside flanneld. Experimental in flannel. */
export const ipsec: BackendKind<typeof schema> = {
  schema,
  flannelType: "ipsec",
  families: ["ipv4"],
  // flannel's own reckoning: outer IP, ESP with its padding and tag; UDP 8 more.
  overhead: ({ udpEncap }) => (udpEncap ? 85 : 77),
  ports: () => [{ protocol: "esp", protocolNumber: 50 }, udpPort(500), udpPort(4500)],
  modules: [],
  devices: () => [],
  configuration: ({ udpEncap, espProposal }, { psk }) => ({
    UDPEncap: udpEncap,
    ESPProposal: espProposal,
    PSK: psk,
  }),
};
