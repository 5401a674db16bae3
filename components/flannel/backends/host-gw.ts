import { type BackendKind, backendSchema } from "./kind";

const schema = backendSchema("host-gw", {});

/** Routes by the nodes' own addresses, without a tunnel: nodes must share a segment. */
export const hostGw: BackendKind<typeof schema> = {
  schema,
  flannelType: "host-gw",
  families: ["ipv4", "ipv6"],
  overhead: () => 0,
  ports: () => [],
  modules: [],
  devices: () => [],
  configuration: () => ({}),
};
