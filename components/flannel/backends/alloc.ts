import { nicMtu } from "../../addresses/mtu";
import { type BackendKind, backendSchema } from "./kind";

/** flanneld only takes note of the node's subnet; whoever makes routes brings packets to it. */
function routedByOthers<Type extends string>(type: Type, mtu?: number) {
  const schema = backendSchema(type, {});
  const kind: BackendKind<typeof schema> = {
    schema,
    flannelType: "alloc",
    families: ["ipv4"],
    overhead: () => 0,
    ...(mtu && { nicMtu: mtu }),
    ports: () => [],
    modules: [],
    devices: () => [],
    configuration: () => ({}),
  };
  return kind;
}

/** Routes by routers of your own, or by a cloud's controller manager. */
export const alloc = routedByOthers("alloc");

// flannel made the routes of these clouds itself until v0.19.2, and has had no code for them since v0.20.0 (commit
// bb657386): a VPC's route table is the cloud's, and is made by podnet's components for its routes.
export const awsVpc = routedByOthers("aws-vpc", nicMtu.aws.vpc);
export const gce = routedByOthers("gce", nicMtu.gcp.usual);
export const aliVpc = routedByOthers("ali-vpc", nicMtu.alicloud.vpc);
