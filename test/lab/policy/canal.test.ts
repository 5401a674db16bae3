import * as k8s from "@pulumi/kubernetes";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { readCluster } from "../../../commands/reach/cluster";
import { PolicyBaseline, type PolicyBaselineArgs } from "../../../components";
import type { Baseline } from "../../../components/policy/baseline";
import { complete } from "../../../components/policy/complete";
import { type Cuts, cutBy, cutIn } from "../../../components/policy/flows";
import { evaluate } from "../../../components/policy/reach/evaluate";
import { readObjects } from "../../../components/policy/reach/read-objects";
import type { Workload } from "../../../components/policy/reach/world";
import { policySettings } from "../../../components/policy/settings";
import { clusterArtifacts } from "../../../lab/kubernetes/artifacts";
import { type World, world } from "../canal/world";
import { must } from "../handmade";
import { kubectl } from "../kubernetes/web";
import { answered, podsIn, type Question, questions, said } from "./matrix";
import { startWorkloads, workloads } from "./workloads";

const members = ["node1", "node2"];
const namespaces = [...new Set(workloads.map(({ namespace }) => namespace))];

let place: World;
let pods: Workload[];
let all: Question[];
let apiServer = "";

beforeAll(async () => {
  place = await world("policy-canal", [
    { name: "node1", kind: "kubernetes" },
    { name: "node2", kind: "kubernetes" },
  ]);
  place.want(members);
  await place.stack.up();
  await kubectl(place.lab, "wait node --all --for=condition=Ready --timeout=480s");
  await startWorkloads(place.lab);
  pods = await podsIn(place.lab, namespaces);
  apiServer = await kubectl(place.lab, "get endpoints kubernetes -o jsonpath={.subsets[0].addresses[0].ip}");
  all = questions(pods, apiServer);
});
afterAll(() => place?.end());

/** The network as it is, and a baseline. */
function wantBaseline(args: PolicyBaselineArgs): void {
  place.want(members);
  const network = place.program.run;
  place.program.run = async () => {
    const outputs = (await network()) as Record<string, unknown>;
    const provider = new k8s.Provider("policy", { kubeconfig: place.lab.kubeconfigFile });
    const { audit, warnings } = new PolicyBaseline("baseline", { cni: "canal", ...args }, { provider });
    return { ...outputs, warnings, ...(audit && { cut: audit.cut, summary: audit.summary, unread: audit.unread }) };
  };
}

const baselineOf = (args: PolicyBaselineArgs): Baseline =>
  complete("baseline", policySettings.parse({ cni: "canal", ...args })).baseline;

const nodeOf = ({ namespace, name }: Workload) =>
  workloads.find((one) => one.namespace === namespace && one.name === name)?.node as string;
/** Seconds that answers get where all come, and nobody waits for those that do not. */
const patience = 40;
/** @param seconds those that pass before what is cut counts as that */
const ask = async (seconds = 4) => lines(await answered(place.lab, all, nodeOf, seconds));

/** How long a node's table keeps an answer of UDP, in seconds; what it was before, node by node. */
const udpEntriesLast = (seconds: string) =>
  Promise.all(
    members.map(async (node) => {
      const setting = "net.netfilter.nf_conntrack_udp_timeout";
      return (await must(place.lab, node, `sysctl -n ${setting}; sysctl -qw ${setting}=${seconds}`)).trim();
    }),
  );

/** What is let through. A pod of a node's own network that asks a pod of that node is the node itself. */
function openUnder(cuts: Cuts): (question: Question) => boolean {
  return ({ from, to, address, protocol, port }) => {
    if (typeof to !== "string" && from.hostNetwork && nodeOf(from) === nodeOf(to)) return true;
    const [client = ""] = from.addresses;
    return cuts({ from: client, to: address, protocol, port }) === undefined;
  };
}

/** What `podnet reach` says of the cluster as it is. */
async function openInCluster(): Promise<string[]> {
  vi.stubEnv("KUBECONFIG", place.lab.kubeconfigFile);
  vi.stubEnv("PATH", `${(await clusterArtifacts()).control}:${process.env.PATH}`);
  const { world } = readObjects(await readCluster());
  vi.unstubAllEnvs();
  return lines(all.filter(openUnder(cutIn(evaluate(world)))));
}

const lines = (list: Iterable<Question>) => [...list].map(said).toSorted();

/** What was not answered at some moment until the work was done. */
async function lostMeanwhile(work: Promise<unknown>, kept: readonly Question[]): Promise<string[]> {
  let done = false;
  const ended = work.finally(() => {
    done = true;
  });
  const lost = new Set<string>();
  do {
    const found = await answered(place.lab, kept, nodeOf, patience);
    for (const one of kept) if (!found.has(one)) lost.add(said(one));
  } while (!done);
  await ended;
  return [...lost];
}

/** The whole matrix, as it is on the wire and as the evaluator says it. */
async function expectAsEvaluated(baseline: Baseline): Promise<void> {
  const expected = lines(all.filter(openUnder(cutBy(baseline, pods))));
  await expect.poll(() => ask(), { timeout: 300_000, interval: 500 }).toEqual(expected);
  expect(expected.length).toBeLessThan(all.length);
  expect(await openInCluster()).toEqual(expected);
}

const openings = (): NonNullable<PolicyBaselineArgs["openings"]> => ({
  dns: { nodeLocal: [] },
  apiServer: { addresses: apiServer, pods: { app: "operator" } },
  ingressController: { namespace: "ingress", ports: "tcp/http" },
  monitoring: { namespace: "monitoring", ports: "tcp/metrics" },
});

const tenants = { names: ["shop", "web"] };
const cases: [string, () => PolicyBaselineArgs, string[]][] = [
  [
    "default-deny",
    () => ({ profile: "default-deny", namespaces: tenants, openings: openings() }),
    [
      "shop/till → kube-system/dns udp/53",
      "shop/operator → api-server tcp/6443",
      "ingress/controller → web/front tcp/8080",
      "monitoring/prometheus → shop/till tcp/9100",
    ],
  ],
  [
    "default-deny of ingress alone",
    () => {
      const { ingressController, monitoring } = openings();
      const some = { ingressController, monitoring } as PolicyBaselineArgs["openings"];
      return { profile: "default-deny", directions: "ingress", namespaces: tenants, openings: some };
    },
    ["shop/till → outside/stranger tcp/8080", "monitoring/prometheus → web/front tcp/9100"],
  ],
  [
    "same-namespace, and the cloud's metadata closed",
    () => {
      const { ingressController, monitoring } = openings();
      const some = { ingressController, monitoring, metadata: "deny" } as PolicyBaselineArgs["openings"];
      return { profile: "same-namespace", namespaces: tenants, openings: some };
    },
    ["web/front → web/back tcp/8080", "web/front → outside/stranger udp/8080", "shop/till → api-server tcp/6443"],
  ],
  [
    "cis",
    () => ({ profile: "cis" }),
    ["outside/stranger → kube-system/dns tcp/53", "kube-system/dns → kube-system/other tcp/8080"],
  ],
  [
    "strict",
    () => ({
      profile: "strict",
      namespaces: { allBut: ["kube-system"], among: { shop: {}, web: {} } },
      openings: openings(),
    }),
    ["web/back → kube-system/dns tcp/53", "ingress/controller → shop/admission tcp/8080"],
  ],
  [
    "default-deny as Calico's own policy, of namespaces by label",
    () => ({
      profile: "default-deny",
      form: "GlobalNetworkPolicy",
      calicoVersion: "v3.28.5",
      namespaces: { labels: { tier: "tenant" }, among: { shop: { tier: "tenant" }, web: { tier: "tenant" } } },
      openings: openings(),
    }),
    ["shop/operator → api-server tcp/6443", "monitoring/prometheus → shop/till tcp/9100"],
  ],
];

describe.sequential("a baseline on Canal", () => {
  test("before it everybody reaches everybody", async () => {
    await expect.poll(() => ask(), { timeout: 300_000 }).toEqual(lines(all));
    expect(all.length).toBeGreaterThan(300);
  });

  test("an audit cuts nothing, and lists the live connections that it would cut", async () => {
    const args: PolicyBaselineArgs = {
      profile: "default-deny",
      namespaces: tenants,
      openings: openings(),
      nodes: place.inventory(),
      kubeletConfig: "/etc/kubernetes/kubelet.kubeconfig",
      auditLimit: 1000,
    };
    wantBaseline(args);
    // What UDP answered is in the tables for half a minute, and the run may take longer.
    const [seconds = ""] = await udpEntriesLast("1800");
    await ask(patience);
    const { outputs } = await place.stack.up();
    await udpEntriesLast(seconds);
    expect(outputs.unread?.value).toEqual([]);
    // Of what was asked a moment ago, the tables have what UDP answered: TCP ends a connection when it is over.
    const baseline = baselineOf(args);
    const isOpen = openUnder(cutBy(baseline, pods));
    const expected = lines(all.filter((one) => one.protocol === "udp" && !one.from.hostNetwork && !isOpen(one)));
    const host = pods.find(({ hostNetwork }) => hostNetwork)?.addresses[0] as string;
    const found = ((outputs.cut?.value ?? []) as string[])
      .map((line) => line.replace(/,.*/, "").replace("kube-dns", "dns").replace(`→ ${host} `, "→ outside/host "))
      .filter((line) => line.includes(" udp/"));
    // Another node's own processes come from the first address of its pod subnet.
    expect(found.filter((line) => !/^10\.244\.\d\.0 /.test(line)).toSorted()).toEqual(expected);
    expect(found.filter((line) => /^10\.244\.\d\.0 → (shop|web)/.test(line))).not.toEqual([]);
    expect(await kubectl(place.lab, "get networkpolicies --all-namespaces -o name")).toBe("");
    expect(await ask(patience)).toEqual(lines(all));
  });

  test("on the way from nothing to default-deny, nothing is lost that stays open", async () => {
    const [, args] = cases[0] as (typeof cases)[number];
    const isOpen = openUnder(cutBy(baselineOf(args()), pods));
    // The operator has an object of its own beside its namespace's: between the two, UDP has nothing that asks again.
    const kept = all.filter((one) => isOpen(one) && !(one.from.name === "operator" && one.protocol === "udp"));
    wantBaseline({ ...args(), migrate: "enforce" });
    expect(await lostMeanwhile(place.stack.up(), kept)).toEqual([]);
    expect(kept.length).toBeGreaterThan(100);
  });

  test.each(cases)(
    "%s: what it must keep goes on, everything else is cut, as the evaluator says",
    async (_name, args, goesOn) => {
      wantBaseline({ ...args(), migrate: "enforce" });
      const { outputs } = await place.stack.up();
      expect(outputs.warnings?.value).toEqual([]);
      const baseline = baselineOf(args());
      await expectAsEvaluated(baseline);
      expect(lines(all.filter(openUnder(cutBy(baseline, pods))))).toEqual(expect.arrayContaining(goesOn));
      // The kubelet's own questions pass whatever the policy.
      for (const namespace of namespaces)
        await kubectl(place.lab, `wait pods --all -n ${namespace} --for=condition=Ready --timeout=480s`);
    },
  );

  test("back to an audit, nothing of it is in the cluster and everything is open again", async () => {
    wantBaseline({ namespaces: tenants });
    await place.stack.up();
    expect(await kubectl(place.lab, "get networkpolicies,globalnetworkpolicies.crd.projectcalico.org -A -o name")).toBe(
      "",
    );
    await expect.poll(() => ask(), { timeout: 300_000 }).toEqual(lines(all));
  });
});
