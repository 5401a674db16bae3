import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Lab } from "../../../lab";
import type { PodsOn } from "../pods";

/** What kubectl says of an API server, a store or a kubelet that a busy machine keeps from answering. */
const unanswered = /^Unable to connect to the server|^The connection to the server|error dialing backend|etcdserver: /m;

/** What kubectl says; throws when it fails. Where nobody answered it asks again, as a person would. */
export async function kubectl(lab: Lab, words: string, stdin = ""): Promise<string> {
  for (let left = 10; ; left -= 1) {
    const { code, stdout, stderr } = await lab.kubectl(words.split(" "), stdin, 510);
    if (code === 0) return stdout.trim();
    if (left === 0 || !unanswered.test(stderr)) throw new Error(`kubectl ${words}: ${stderr}`);
    await sleep(1000);
  }
}

interface KubernetesPod {
  name: string;
  node: string;
  addresses: string[];
}

/** Pods of the cluster, one on each node, that say their name to whoever asks, and a service before them. */
export async function startWeb(lab: Lab): Promise<void> {
  await kubectl(lab, "apply -f -", readFileSync(join(__dirname, "pods.yaml"), "utf8"));
  await kubectl(lab, "rollout status daemonset/web --timeout=480s");
}

export async function stopWeb(lab: Lab): Promise<void> {
  await kubectl(lab, "delete daemonset/web service/web --cascade=foreground --ignore-not-found --timeout=480s");
}

/** Each pod asks each, on every address, and the service: what did not answer, as "web-x1 of node1 → 10.244.1.2". */
export async function lostAnswers(lab: Lab, nodes: readonly string[]): Promise<string[]> {
  const pods = await podsOf(lab, "web");
  const places = pods.map(({ node }) => node).toSorted();
  if (String(places) !== String(nodes.toSorted())) throw new Error(`the pods are on ${places.join(", ")}`);
  const service = await kubectl(lab, "get service web -o jsonpath={.spec.clusterIP}");
  const targets = [
    ...pods.flatMap(({ name, addresses }) =>
      addresses.map((one) => ({ name, place: `${one.includes(":") ? `[${one}]` : one}:8080`, tries: 1 })),
    ),
    // kube-proxy takes up a service's endpoints some time after its pods are ready.
    { name: "web-", place: service, tries: 10 },
  ];
  const asking = targets.map(
    ({ name, place, tries }) => `try=${tries}
until case $(timeout 3 wget -qO- http://${place}/hostname) in ${name}*) ;; *) false;; esac; do
  try=$((try - 1))
  [ $try -gt 0 ] || { echo "$(hostname) → ${place}"; break; }
  sleep 1
done`,
  );
  const lost = pods.map(async ({ name, node }) => {
    const words = ["exec", "-i", name, "--", "sh", "-s"];
    const { code, stdout, stderr } = await lab.kubectl(words, asking.join("\n"), 510);
    if (code !== 0) throw new Error(`in ${name} of ${node}: ${stderr}`);
    return stdout.split("\n").filter(Boolean);
  });
  return (await Promise.all(lost)).flat();
}

/** Those pods as the lab pings from them and to them, by the namespaces that the container runtime made. */
export const webPodsOn: PodsOn = async (lab, nodes) => {
  const pods = await podsOf(lab, "web");
  return Promise.all(
    nodes.map(async (node) => {
      const { addresses = [] } = pods.find((pod) => pod.node === node) ?? {};
      const script = `for name in $(ls /run/netns); do
  ip -n "$name" -brief address show dev eth0 2>/dev/null | grep -qF ' ${addresses[0]}/' && echo "$name"
done`;
      const name = (await lab.exec(node, script)).stdout.trim();
      if (name === "") throw new Error(`node ${node} has no namespace with ${addresses[0]}`);
      return { node, name, addresses };
    }),
  );
};

/** Pods of a workload, by its label `app`. */
export async function podsOf(lab: Lab, app: string): Promise<KubernetesPod[]> {
  const list = JSON.parse(await kubectl(lab, `get pods -l app=${app} -o json`)) as {
    items: {
      metadata: { name: string; deletionTimestamp?: string };
      spec: { nodeName: string };
      status: { podIPs?: { ip: string }[] };
    }[];
  };
  return list.items
    .filter(({ metadata }) => metadata.deletionTimestamp === undefined)
    .map(({ metadata, spec, status }) => ({
      name: metadata.name,
      node: spec.nodeName,
      addresses: (status.podIPs ?? []).map(({ ip }) => ip),
    }));
}
