import { readFileSync } from "node:fs";
import { join } from "node:path";
import { readObjects } from "../../../components/policy/reach/read-objects";
import type { Workload } from "../../../components/policy/reach/world";
import type { Lab } from "../../../lab";
import { kubectl } from "../kubernetes/web";

/** One thing that is asked: from a pod to an address and port. */
export interface Question {
  from: Workload;
  /** The pod that is asked, or the API server. */
  to: Workload | "api-server";
  address: string;
  protocol: "tcp" | "udp";
  port: number;
}

const nameOf = ({ namespace, name }: Workload) => `${namespace}/${name}`;

export const said = ({ from, to, protocol, port }: Question) =>
  `${nameOf(from)} → ${typeof to === "string" ? to : nameOf(to)} ${protocol}/${port}`;

/** Every pod of these namespaces that answers, as `podnet reach` reads it. */
export async function podsIn(lab: Lab, namespaces: readonly string[]): Promise<Workload[]> {
  const { items } = JSON.parse(await kubectl(lab, "get pods --all-namespaces -o json")) as { items: object[] };
  const found = items.map((item) => ({
    where: "the lab's cluster",
    object: { apiVersion: "v1", kind: "Pod", ...item },
  }));
  return readObjects(found).world.workloads.filter(
    ({ namespace, ports }) => namespaces.includes(namespace) && ports[0]?.name === "http",
  );
}

/** Every pod asks every other at each of its ports, by TCP and UDP, and the API server. */
export function questions(pods: readonly Workload[], apiServer: string): Question[] {
  return pods.flatMap((from) => [
    { from, to: "api-server" as const, address: apiServer, protocol: "tcp" as const, port: 6443 },
    ...pods
      .filter((to) => to !== from)
      .flatMap((to) =>
        to.ports.flatMap(({ port }) =>
          (["tcp", "udp"] as const).map((protocol) => ({
            from,
            to,
            address: to.addresses[0] as string,
            protocol,
            port,
          })),
        ),
      ),
  ]);
}

const prober = readFileSync(join(__dirname, "probe.pl"), "utf8");

/** Asks all of them, in the pods' own networks; which were answered within some seconds. */
export async function answered(
  lab: Lab,
  list: readonly Question[],
  nodeOf: (pod: Workload) => string,
  seconds: number,
): Promise<Set<Question>> {
  const groups = [...Map.groupBy(list, ({ from }) => from)];
  const found = groups.map(async ([from, own]) => {
    const lines = own.map(({ address, protocol, port }, index) => `${index} ${address} ${protocol} ${port}`);
    const script = `space=$(for name in $(ls /run/netns); do
  ip -n "$name" -brief address show dev eth0 2>/dev/null | grep -qF ' ${from.addresses[0]}/' && echo "$name"
done)
cat > /tmp/$$.pl <<'END'
${prober}END
${from.hostNetwork ? "" : 'ip netns exec "$space" '}perl /tmp/$$.pl ${seconds} <<'END'
${lines.join("\n")}
END
code=$?; rm /tmp/$$.pl; exit $code`;
    const { code, stdout, stderr } = await lab.exec(nodeOf(from), script);
    if (code !== 0) throw new Error(`in ${nameOf(from)}: ${stderr}`);
    return stdout
      .split("\n")
      .filter(Boolean)
      .map((index) => own[Number(index)] as Question);
  });
  return new Set((await Promise.all(found)).flat());
}
