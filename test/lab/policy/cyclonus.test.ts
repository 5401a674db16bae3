import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import { evaluate } from "../../../components/policy/reach/evaluate";
import { Memory } from "../../../components/policy/reach/memory";
import { blockStart, includes, ipv4, type Protocol } from "../../../components/policy/reach/traffic";
import type { World } from "../../../components/policy/reach/world";
import { type Artifacts, clusterArtifacts } from "../../../lab/kubernetes/artifacts";
import { readSteps, type Step } from "./cyclonus";

/** What cyclonus' steps change beside policies; it prints the policies and not this. */
const labelled: Record<string, { namespaces?: Record<string, string>; pods?: Record<string, string> }> = {
  "Update namespace so that policy applies, then again so it no longer applies, step 2": {
    namespaces: { y: "new-ns=qrs" },
  },
  "Update pod so that policy applies, then again so it no longer applies, step 2": { pods: { "y/b": "new-label=abc" } },
  "should allow ingress access from updated namespace, step 2": { namespaces: { y: "ns2=updated" } },
  "should allow ingress access from updated pod, step 2": { pods: { "x/b": "pod2=updated" } },
  "should deny ingress access to updated pod, step 2": { pods: { "x/a": "target=isolated" } },
};

/** Its pods: each serves ports 80 and 81 of three protocols under names of the form serve-81-udp. */
const ports = [80, 81].flatMap((port) =>
  (["TCP", "UDP", "SCTP"] as const).map((protocol) => ({
    name: `serve-${port}-${protocol.toLowerCase()}`,
    protocol,
    port,
  })),
);
const label = (text: string | undefined) => (text ? Object.fromEntries([text.split("=")]) : {});

function worldOf({ name, pods, policies }: Step): World {
  const names = [...new Set(pods.map((pod) => pod.split("/")[0] as string))];
  return {
    namespaces: names.map((namespace) => ({
      name: namespace,
      labels: {
        ns: namespace.slice(0, 1),
        "kubernetes.io/metadata.name": namespace,
        ...label(labelled[name]?.namespaces?.[namespace]),
      },
    })),
    workloads: pods.map((text, index) => {
      const [namespace = "", pod = ""] = text.split("/");
      return {
        namespace,
        name: pod,
        owner: `Pod/${pod}`,
        labels: { pod, ...label(labelled[name]?.pods?.[text]) },
        serviceAccount: "default",
        ports,
        addresses: [`192.168.1.${index + 1}`],
        hostNetwork: false,
      };
    }),
    serviceAccounts: [],
    nodes: [],
    policies,
  };
}

/** Where the evaluation and the table differ, as "x/a → y/b TCP/80". */
function differences(step: Step, memory: Memory): string[] {
  const reach = evaluate(worldOf(step), { memory });
  const number = (pod: string) =>
    reach.endpoints.findIndex(({ namespace, name }) => `${namespace?.name}/${name.slice(4)}` === pod);
  return step.pods.flatMap((from, row) =>
    step.pods.flatMap((to, column) =>
      step.packets.flatMap((packet, at) => {
        const [protocol, port = ""] = packet.split("/") as [Protocol, string];
        const wanted = ports.find((one) => one.name === port)?.port ?? Number(port);
        const point = blockStart(ipv4, protocol) + wanted;
        const allowed = includes(reach.allowed(number(from), number(to)), point);
        return allowed === step.allowed[row]?.[column]?.[at] ? [] : [`${step.name}: ${from} → ${to} ${packet}`];
      }),
    ),
  );
}

let artifacts: Artifacts;
// Where it is the first to want them, they are built here.
beforeAll(async () => {
  artifacts = await clusterArtifacts();
});

test("every table of cyclonus' 230 generated cases is the evaluator's", async () => {
  const words = [
    "generate",
    "--mock",
    "--noisy",
    "--exclude",
    "",
    "--retries",
    "0",
    "--perturbation-wait-seconds",
    "0",
  ];
  const output = execFileSync(join(artifacts.cyclonus, "cyclonus"), words, {
    encoding: "utf8",
    maxBuffer: 2 ** 28,
  });
  const steps = readSteps(output);
  expect(new Set(steps.map(({ name }) => name.replace(/, step \d+$/, ""))).size).toBeGreaterThan(150);
  expect(output.match(/^test #\d+/gm)).toHaveLength(230);
  const pairs = steps.reduce((sum, { pods, packets }) => sum + pods.length ** 2 * packets.length, 0);
  console.log(`${steps.length} steps, ${pairs} answers compared`);
  expect(steps.every(({ pods, packets }) => pods.length >= 9 && packets.length > 0)).toBe(true);
  const memory = new Memory();
  expect(steps.flatMap((step) => differences(step, memory))).toEqual([]);
});
