/** Names of what Nuage consists of in Kubernetes: upstream's, and those of what upstream leaves to be made by hand. */
export const names = {
  account: "nuage",
  /** The account's token, which Kubernetes makes by itself no more. */
  token: "nuage-token",
  vsdUser: "nuage-vsd-user",
  master: "nuage-master-config",
  node: "nuage-node-config",
  infra: "nuage-infra-test-config",
} as const;
