/** The unit of weave on hosts without Kubernetes. */
export const unitName = (network: string) => `podnet-${network}-weave.service`;
