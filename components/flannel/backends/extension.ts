import { z } from "zod";
import { udpPort } from "../../network-nodes/firewall";
import { type BackendKind, backendSchema } from "./kind";

/** flannel splits at spaces, puts $VARIABLES in, and runs no shell (since v0.28.2). */
const command = z
  .string()
  .regex(/^[^"'|;&<>()`\n]+$/, "a program and its arguments: no shell runs it, so quotes and pipes belong in a script")
  .optional();

const schema = backendSchema("extension", {
  /** Run before the node has a subnet; what it prints is kept as the node's data. @default none */
  preStartupCommand: command,
  /** Run once the node has a subnet. @default none */
  postStartupCommand: command,
  /** Run for each other node, with SUBNET and PUBLIC_IP in its environment and that node's data on stdin. @default none */
  subnetAddCommand: command,
  /** Run when another node leaves. @default none */
  subnetRemoveCommand: command,
  /** Bytes that your way of sending puts before each packet of a pod. @default 0 */
  overhead: z.int().min(0).max(500).default(0),
  /** UDP ports that it needs between nodes. @default [] */
  udpPorts: z.array(z.int().min(1).max(65535)).default([]),
});

/** Programs of your own bring packets from node to node; they must be in flanneld's image, or on the node without Kubernetes. */
export const extension: BackendKind<typeof schema> = {
  schema,
  flannelType: "extension",
  families: ["ipv4"],
  overhead: ({ overhead }) => overhead,
  ports: ({ udpPorts }) => udpPorts.map(udpPort),
  modules: [],
  devices: () => [],
  configuration: ({ preStartupCommand, postStartupCommand, subnetAddCommand, subnetRemoveCommand }) => ({
    ...(preStartupCommand && { PreStartupCommand: preStartupCommand }),
    ...(postStartupCommand && { PostStartupCommand: postStartupCommand }),
    ...(subnetAddCommand && { SubnetAddCommand: subnetAddCommand }),
    ...(subnetRemoveCommand && { SubnetRemoveCommand: subnetRemoveCommand }),
  }),
};
