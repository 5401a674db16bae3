import { secretText } from "../../secret-text";
import { type BackendKind, backendSchema } from "./kind";

const schema = backendSchema("tencent-vpc", {
  /** Tencent Cloud's SecretId of an account that may make routes. @default none: the node's own role */
  accessKeyId: secretText.optional(),
  /** Its SecretKey. @default none: the node's own role */
  accessKeySecret: secretText.optional(),
});

/**
 * flanneld makes routes in Tencent Cloud's VPC, 50 in a table. Its keys reach it by the environment: what stands in
 * flannel's configuration, flannel prints to its log.
 */
export const tencentVpc: BackendKind<typeof schema> = {
  schema,
  flannelType: "tencent-vpc",
  families: ["ipv4"],
  overhead: () => 0,
  ports: () => [],
  modules: [],
  devices: () => [],
  configuration: () => ({}),
};
