import { requireSdk } from "./routes/sdk";

requireSdk("aws", "@pulumi/aws", "^7.0.0");

export { AwsRoutes, type AwsRoutesArgs } from "./routes/aws";
export { withoutSourceDestCheck } from "./routes/aws-nodes";
