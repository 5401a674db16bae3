import { requireSdk } from "./routes/sdk";

requireSdk("gcp", "@pulumi/gcp", "^9.0.0");

export { type AliasIpRange, GcpRoutes, type GcpRoutesArgs } from "./routes/gcp";
