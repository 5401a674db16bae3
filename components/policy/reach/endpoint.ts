import type { Cidr, IpAddress } from "../../addresses/cidr";
import type { Families } from "./traffic";
import type { ContainerPort, Namespace, Workload } from "./world";

/** One end of connections: pods that no policy can tell apart, or a part of the addresses that are no pod's. */
export interface Endpoint {
  /** Two endpoints with one key are treated the same by every policy. */
  key: string;
  /** "Deployment/web", "203.0.113.0/24". */
  name: string;
  /** Absent of what is no pod. */
  namespace?: Namespace | undefined;
  labels: Readonly<Record<string, string>>;
  serviceAccount: string;
  serviceAccountLabels: Readonly<Record<string, string>>;
  ports: readonly ContainerPort[];
  /** Of one of its pods. Empty where none is known. */
  addresses: readonly IpAddress[];
  /** Those that its pods can speak; both where no address is known. */
  families: Families;
  hostNetwork: boolean;
  /** Of what is no pod: the range that it is, less the narrower ones. */
  range?: Cidr | undefined;
  pods: readonly Workload[];
}

/** Whether policies for pods select it: a pod with addresses of its own. */
export function isPod(endpoint: Endpoint): endpoint is Endpoint & { namespace: Namespace } {
  return endpoint.namespace !== undefined && !endpoint.hostNetwork;
}
