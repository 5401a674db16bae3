import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { stringify } from "yaml";
import type { Lab } from "../../../lab";
import { kubectl, podsOf } from "./web";

const clients = ["friend", "stranger"] as const;

/** On every node a pod that policies may let through to the web pods, and one that they do not. */
export async function startClients(lab: Lab): Promise<void> {
  await kubectl(lab, "apply -f -", readFileSync(join(__dirname, "policy.yaml"), "utf8"));
  for (const name of clients) await kubectl(lab, `rollout status daemonset/${name} --timeout=480s`);
}

export async function stopClients(lab: Lab): Promise<void> {
  const names = clients.map((name) => `daemonset/${name}`).join(" ");
  await kubectl(lab, `delete ${names} --cascade=foreground --ignore-not-found --timeout=480s`);
  await kubectl(lab, "delete networkpolicies --all --timeout=480s");
}

/** Who of the clients gets an answer of which web pod by any address, as "friend of node1 → node2", sorted. */
export async function whoReaches(lab: Lab): Promise<string[]> {
  const web = await podsOf(lab, "web");
  const asking = web.flatMap(({ node, addresses }) =>
    addresses.map((address) => {
      const place = address.includes(":") ? `[${address}]` : address;
      return `{ timeout 2 wget -qO- http://${place}:8080/hostname >/dev/null 2>&1 && echo ${node}; } &`;
    }),
  );
  const reached = clients.map(async (client) => {
    const pods = await podsOf(lab, client);
    return Promise.all(
      pods.map(async ({ name, node }) => {
        const { stdout } = await lab.kubectl(["exec", "-i", name, "--", "sh", "-s"], `${asking.join("\n")}\nwait`, 270);
        return stdout
          .split("\n")
          .filter(Boolean)
          .map((target) => `${client} of ${node} → ${target}`);
      }),
    );
  });
  return [...new Set((await Promise.all(reached)).flat(2))].toSorted();
}

/** Clients and web pods reach each other some time after they are ready, and a policy holds some time after it is applied. */
export const expectReached = (lab: Lab, wanted: readonly string[]): Promise<void> =>
  expect.poll(() => whoReaches(lab).catch(String), { timeout: 300_000 }).toEqual(wanted);

/** Those reach each other as before, whoever may be slow to answer, and nobody else does at any look. */
export async function expectStillReached(lab: Lab, wanted: readonly string[]): Promise<void> {
  const others: string[] = [];
  const look = async () => {
    const reached = await whoReaches(lab);
    others.push(...reached.filter((pair) => !wanted.includes(pair)));
    return reached;
  };
  await expect.poll(() => look().catch(String), { timeout: 300_000 }).toEqual(wanted);
  expect(others).toEqual([]);
}

/** Every pair of a client of one of these kinds and a node, as `whoReaches` says them. */
export function allOf(nodes: readonly string[], ...kinds: (typeof clients)[number][]): string[] {
  return kinds.flatMap((kind) => nodes.flatMap((from) => nodes.map((to) => `${kind} of ${from} → ${to}`))).toSorted();
}

const policy = (name: string, spec: object) => ({
  apiVersion: "networking.k8s.io/v1",
  kind: "NetworkPolicy",
  metadata: { name, namespace: "default" },
  spec,
});

/** No pod of the namespace is reached. */
export const denyAll = policy("deny-all", { podSelector: {}, policyTypes: ["Ingress"] });

/** Friends reach the web pods' port. */
export const allowFriends = policy("allow-friends", {
  podSelector: { matchLabels: { app: "web" } },
  policyTypes: ["Ingress"],
  ingress: [{ from: [{ podSelector: { matchLabels: { app: "friend" } } }], ports: [{ port: 8080 }] }],
});

export async function apply(lab: Lab, object: object): Promise<void> {
  await kubectl(lab, "apply -f -", stringify(object));
}
