import { requireSdk } from "./routes/sdk";

requireSdk("alicloud", "@pulumi/alicloud", "^3.108.0");

export { AlicloudRoutes, type AlicloudRoutesArgs } from "./routes/alicloud";
