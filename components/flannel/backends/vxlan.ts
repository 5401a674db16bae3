import { z } from "zod";
import type { Family } from "../../addresses/cidr";
import { vxlanOverhead } from "../../addresses/mtu";
import { udpPort } from "../../network-nodes/firewall";
import { type BackendKind, backendSchema } from "./kind";

const schema = backendSchema("vxlan", {
  /** VXLAN network identifier. @default 1, flannel's */
  vni: z.int().min(1).max(16777215).default(1),
  /** UDP port. @default 8472, that of the Linux kernel, which flannel leaves as it is; IANA's is 4789 */
  port: z.int().min(1).max(65535).default(8472),
  /** Group-based policy: marks of packets travel with them. @default false */
  gbp: z.boolean().default(false),
  /** The device learns which node a hardware address is behind, besides what flanneld tells it. @default false */
  learning: z.boolean().default(false),
  /** Nodes that share a segment send packets as they are; only others are reached by the tunnel. @default false */
  directRouting: z.boolean().default(false),
});

const overhead = (families: Family[]) => vxlanOverhead[families.includes("ipv6") ? "ipv6" : "ipv4"];

/** Ethernet frames in UDP: what works between any nodes that reach each other. */
export const vxlan: BackendKind<typeof schema> = {
  schema,
  flannelType: "vxlan",
  families: ["ipv4", "ipv6"],
  overhead: (_, families) => overhead(families),
  ports: ({ port }) => [udpPort(port)],
  modules: ["vxlan"],
  devices: ({ vni }) => [`flannel.${vni}`, `flannel-v6.${vni}`],
  configuration({ vni, port, gbp, learning, directRouting }, { families, underlayMtu }) {
    // flannel takes 50 bytes off, and knows nothing of the 20 more that an IPv6 underlay takes.
    const missing = overhead(families) - vxlanOverhead.ipv4;
    return {
      VNI: vni,
      Port: port,
      GBP: gbp,
      Learning: learning,
      DirectRouting: directRouting,
      ...(underlayMtu !== undefined && { MTU: underlayMtu - missing }),
    };
  },
};
