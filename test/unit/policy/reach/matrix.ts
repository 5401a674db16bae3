import { evaluate } from "../../../../components/policy/reach/evaluate";
import type { Reachability } from "../../../../components/policy/reach/reachability";
import { blockStart, includes, ipv4, ipv6, type Protocol } from "../../../../components/policy/reach/traffic";
import type { KubernetesObject, Namespace, Workload, World } from "../../../../components/policy/reach/world";

/** One packet that is tried: from pod to pod, named "x/a". */
export interface Packet {
  from: string;
  to: string;
  protocol: Protocol;
  port: number;
}

const protocols = ["TCP", "UDP", "SCTP"] as const;
const ports = [80, 81].flatMap((port) =>
  protocols.map((protocol) => ({ name: `serve-${port}-${protocol.toLowerCase()}`, protocol, port })),
);

/** Pods a, b and c in namespaces x, y and z, each at an address of its own. */
export function nine(policies: KubernetesObject[], change: (world: Changed) => void = () => {}): World {
  const namespaces = ["x", "y", "z"].map((name) => ({
    name,
    labels: { ns: name, "kubernetes.io/metadata.name": name } as Record<string, string>,
  }));
  const workloads = namespaces.flatMap(({ name: namespace }, block) =>
    ["a", "b", "c"].map((name, index) => ({
      namespace,
      name,
      owner: `Pod/${name}`,
      labels: { pod: name } as Record<string, string>,
      serviceAccount: "default",
      ports,
      addresses: [`10.0.${block + 1}.${index + 1}`],
      hostNetwork: false,
    })),
  );
  const world = { namespaces, workloads, serviceAccounts: [], nodes: [], policies };
  change(world as Changed);
  return world;
}

/** A world that a case may change before it is evaluated. */
export interface Changed {
  namespaces: (Namespace & { labels: Record<string, string> })[];
  workloads: (Workload & { labels: Record<string, string>; addresses: string[]; hostNetwork: boolean })[];
}

export function policy(name: string, spec: object): KubernetesObject {
  const [namespace = "", own = ""] = name.split("/");
  return { apiVersion: "networking.k8s.io/v1", kind: "NetworkPolicy", metadata: { namespace, name: own }, spec };
}

/** Packets that pass and should not ("open"), or should and do not ("closed"); none when the matrix is as wanted. */
export function wrong(world: World, wanted: (packet: Packet) => boolean): string[] {
  const reach = evaluate(world);
  const pods = world.workloads.map(({ namespace, name }) => `${namespace}/${name}`);
  return pods.flatMap((from) =>
    pods
      .filter((to) => to !== from)
      .flatMap((to) =>
        protocols.flatMap((protocol) =>
          [80, 81]
            .map((port) => ({ from, to, protocol, port }))
            .filter((packet) => passes(reach, packet) !== wanted(packet))
            .map((packet) => `${from} → ${to} ${protocol}/${packet.port} is ${wanted(packet) ? "closed" : "open"}`),
        ),
      ),
  );
}

export function passes(reach: Reachability, { from, to, protocol, port }: Packet): boolean {
  const index = (name: string) =>
    reach.endpoints.findIndex(({ namespace, pods }) => pods.some((pod) => `${namespace?.name}/${pod.name}` === name));
  const allowed = reach.allowed(index(from), index(to));
  return [ipv4, ipv6].some((family) => includes(allowed, blockStart(family, protocol) + port));
}
