import { z } from "zod";
import { udpPort } from "../../network-nodes/firewall";
import { type BackendKind, backendSchema } from "./kind";

const schema = backendSchema("udp", {
  /** UDP port. @default 8285, flannel's */
  port: z.int().min(1).max(65535).default(8285),
});

/** Packets through flanneld itself by a TUN device: for kernels without VXLAN, and slow. IPv4 on amd64 only. */
export const udp: BackendKind<typeof schema> = {
  schema,
  flannelType: "udp",
  families: ["ipv4"],
  // IP 20 and UDP 8; the packet itself has no header of flannel's.
  overhead: () => 28,
  ports: ({ port }) => [udpPort(port)],
  modules: ["tun"],
  devices: () => ["flannel0"],
  configuration: ({ port }) => ({ Port: port }),
};
