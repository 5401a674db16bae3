import { networksIn, type Resource, some, type Violation } from "./stack";

/** Networks of one cluster: kubelet takes the first CNI configuration that it finds, and the others carry nothing. */
export function doubledNetworks(resources: readonly Resource[]): Violation[] {
  const networks = networksIn(resources).filter(bringsPackets);
  const places = new Map(networks.map((one) => [one, new Set([...nodesOf(one), ...clustersOf(one, resources)])]));
  return networks.flatMap((network, index) =>
    networks.slice(index + 1).flatMap((other) => {
      const shared = [...(places.get(network) ?? [])].filter((place) => places.get(other)?.has(place));
      if (shared.length === 0) return [];
      const message = `${network.name} (${network.props.network}) and ${other.name} (${other.props.network}) are both on ${some(shared)}; a cluster has one pod network`;
      return [{ message, urn: other.urn }];
    }),
  );
}

/** Open vSwitch is what a network may stand on, and Calico for policy alone stands beside one that carries packets. */
function bringsPackets({ props }: Resource): boolean {
  return props.network !== "openvswitch" && props.settings?.install !== "policy-only";
}

/** A node is known by its addresses, whatever it is called. */
function nodesOf({ props }: Resource): string[] {
  return Object.values(props.settings?.nodes ?? {}).flatMap(({ addresses }) =>
    addresses.map((address) => `node ${address}`),
  );
}

/** The clusters that a network's objects are applied to. */
function clustersOf({ parent }: Resource, resources: readonly Resource[]): string[] {
  return resources
    .filter((one) => parent && one.parent?.urn === parent.urn && one.type.startsWith("kubernetes:") && one.provider)
    .map(({ provider }) => `cluster ${provider?.urn.split("::").at(-1)}`);
}
