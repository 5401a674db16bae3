/** A resource as the engine shows it to a policy. */
export interface Resource {
  type: string;
  name: string;
  urn: string;
  props: {
    /** NetworkRecord: which network, and its settings. */
    network?: string;
    settings?: {
      podCidr?: string[];
      serviceCidr?: string[];
      nodes?: Record<string, { addresses: string[] }>;
      /** Of Calico: what installs it. */
      install?: string;
    };
    /** NodeState, before it is made: the node, and how it is reached. */
    node?: string;
    connection?: Endpoint & { jump?: Endpoint };
  };
  parent?: { urn: string };
  provider?: { urn: string };
}

export interface Endpoint {
  host: string;
  hostKey?: { pinned?: string; knownHosts?: string; onFirstUse?: boolean };
}

/** What is wrong, and the resource it is told at. */
export interface Violation {
  message: string;
  urn?: string;
}

export const stackOf = ({ urn }: Resource): string => urn.split("::")[0]?.split(":").at(-1) ?? "";

/** The networks of a stack, as podnet records them; a policy baseline is recorded too, and is none. */
export function networksIn(resources: readonly Resource[]): Resource[] {
  return resources.filter(({ type, props }) => type === "podnet:index:NetworkRecord" && props.network !== "policy");
}

/** The first of many names, and how many more. */
export function some(names: readonly string[]): string {
  return names.length > 3 ? `${names.slice(0, 3).join(", ")} and ${names.length - 3} more` : names.join(", ");
}
