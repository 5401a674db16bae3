import { z } from "zod";
import { type BackendKind, backendSchema } from "./kind";

const schema = backendSchema("ipip", {
  /** Nodes that share a segment send packets as they are; only others are reached by the tunnel. @default false */
  directRouting: z.boolean().default(false),
});

/** IPv4 in IPv4: the smallest tunnel, which carries IPv4 unicast only, and which Azure and DigitalOcean drop. */
export const ipip: BackendKind<typeof schema> = {
  schema,
  flannelType: "ipip",
  families: ["ipv4"],
  overhead: () => 20,
  ports: () => [{ protocol: "ipip", protocolNumber: 4 }],
  modules: ["ipip"],
  devices: () => ["flannel.ipip"],
  configuration: ({ directRouting }) => ({ DirectRouting: directRouting }),
};
