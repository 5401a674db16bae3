import { execFile } from "node:child_process";
import { readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { down, type Lab, type NodeRequest, up } from "../../../lab";
import { endLab, freshLab } from "../fresh-lab";
import { traces } from "../traces";
import { anyLab, inotifyFound, inotifyInstances, machineNetwork, machineSysctls } from "./machine";
import { kubectl as kubectlOf } from "./web";

const name = "cluster";
const nodes: NodeRequest[] = [
  { name: "node1", kind: "kubernetes" },
  { name: "node2", kind: "kubernetes", segment: "b" },
];

let lab: Lab;
let before: { sysctls: string[]; network: string[]; inotify: number };

beforeAll(async () => {
  await down(name);
  before = { sysctls: machineSysctls(), network: machineNetwork(), inotify: inotifyFound() };
  lab = await freshLab(name, nodes);
});
afterAll(() => endLab(name));

const kubectl = (words: string, stdin = "") => kubectlOf(lab, words, stdin);

const readiness = () =>
  kubectl('get nodes -o jsonpath={.items[*].status.conditions[?(@.type=="Ready")].status}').then((text) =>
    text.split(" "),
  );

async function fileIn(node: string, path: string): Promise<string> {
  return (await lab.exec(node, `cat ${path}`)).stdout;
}

describe("a cluster as it comes up", () => {
  test("has its nodes with their pod subnets, not ready for want of a network", async () => {
    const subnets = await kubectl("get nodes -o jsonpath={.items[*].spec.podCIDRs[0]}");
    expect(subnets.split(" ").toSorted()).toEqual(["10.244.0.0/24", "10.244.1.0/24"]);
    expect(await readiness()).not.toContain("True");
  });

  test("keeps its keys to their owner", async () => {
    const files = ["kubeconfig", "control/pki/ca.key", "control/pki/admin.key", "control/scheduler.kubeconfig"];
    const modes = files.map((file) => (statSync(join(lab.folder, file)).mode & 0o777).toString(8));
    expect(modes).toEqual(files.map(() => "600"));
    const { stdout } = await lab.exec("node1", "cd /etc/kubernetes && stat -c '%a %U' *.key *.kubeconfig");
    expect(stdout).toBe("600 root\n".repeat(3));
  });

  test("leaves this machine's own network and sysctls as they were, but for the one it needs more of", () => {
    expect(machineNetwork()).toEqual(before.network);
    expect(machineSysctls()).toEqual(before.sysctls);
    expect(inotifyInstances()).toBeGreaterThanOrEqual(1024);
  });
});

describe("a node's identity", () => {
  const asNode = async (node: string, words: string) => {
    const kubeconfig = join(lab.folder, `${node}.kubeconfig`);
    writeFileSync(kubeconfig, await fileIn(node, "/etc/kubernetes/kubelet.kubeconfig"), { mode: 0o600 });
    const { code, stderr } = await lab.kubectl([...words.split(" "), "--kubeconfig", kubeconfig]);
    return code === 0 ? "allowed" : stderr;
  };

  test("reads its own node, and no secret that no pod of it uses", async () => {
    await kubectl("create secret generic others --from-literal=password=hidden");
    expect(await asNode("node1", "get node node1")).toBe("allowed");
    expect(await asNode("node1", "get secret others")).toMatch(/forbidden.*no relationship found/);
    expect(await asNode("node1", "get secrets --all-namespaces")).toMatch(/forbidden/);
  });

  test("changes its own node and no other", async () => {
    expect(await asNode("node1", "annotate node node1 seen=yes")).toBe("allowed");
    expect(await asNode("node1", "annotate node node2 seen=yes")).toMatch(/node 'node1' cannot read 'node2'/);
  });

  test("is not what an account in a pod has", async () => {
    await kubectl("auth can-i get pods --as=system:admin --as-group=system:masters");
    await expect(kubectl("auth can-i get pods --as=system:serviceaccount:default:default")).rejects.toThrow();
  });
});

describe("with a pod network", () => {
  beforeAll(async () => {
    await kubectl("apply -f -", readFileSync(join(__dirname, "flannel.yaml"), "utf8"));
    await kubectl("apply -f -", readFileSync(join(__dirname, "pods.yaml"), "utf8"));
    await allAvailable();
  });

  const allAvailable = async () => {
    await kubectl("wait node --all --for=condition=Ready --timeout=480s");
    for (const daemons of ["-n flannel daemonset/flannel", "daemonset/web"])
      await kubectl(`rollout status ${daemons} --timeout=480s`);
  };

  interface WebPod {
    name: string;
    node: string;
    address: string;
  }

  async function webPods(): Promise<WebPod[]> {
    const path = "{range .items[*]}{.metadata.name} {.spec.nodeName} {.status.podIP}{'\\n'}{end}";
    const { stdout } = await lab.kubectl(["get", "pods", "-l", "app=web", "-o", `jsonpath=${path}`]);
    const rows = stdout.trim().split("\n");
    return rows.map((row) => {
      const [pod = "", node = "", address = ""] = row.split(" ");
      return { name: pod, node, address };
    });
  }

  const ask = (from: WebPod, address: string) =>
    kubectl(`exec ${from.name} -- timeout 10 wget -qO- http://${address}/hostname`);

  /** Each pod asks each, and the service. */
  async function everybodyAnswers(count: number): Promise<void> {
    const pods = await webPods();
    expect(pods.map(({ node }) => node).toSorted()).toEqual(lab.nodes.map((node) => node.name).slice(0, count));
    for (const from of pods) {
      for (const to of pods) expect(await ask(from, `${to.address}:8080`)).toBe(to.name);
      expect(pods.map((pod) => pod.name)).toContain(await ask(from, await serviceAddress()));
    }
  }

  /** kube-proxy takes up a service's endpoints some time after its pods are ready. */
  const expectAnswers = (count: number) =>
    expect.poll(() => everybodyAnswers(count).then(() => "answered", String), { timeout: 300_000 }).toBe("answered");

  const serviceAddress = () => kubectl("get service web -o jsonpath={.spec.clusterIP}");

  test("pods of two nodes reach each other and a service, from images made here", async () => {
    await expectAnswers(2);
  });

  test("pods are back after their node's power was cut", async () => {
    await lab.reboot("node2", { hard: true });
    await lab.waitForSsh("node2");
    await expectAnswers(2);
  });

  test("a node that is added gets the network, and one that is removed leaves the cluster", async () => {
    lab = await up({ name, nodes: [...nodes, { name: "node3", kind: "kubernetes" }] });
    await allAvailable();
    await expectAnswers(3);
    lab = await up({ name, nodes });
    expect(await kubectl("get nodes -o name")).toBe("node/node1\nnode/node2");
    await expectAnswers(2);
  });

  test("the cluster goes on after its control plane was killed", async () => {
    const [, pid] = /^(\d+) /.exec(readFileSync(join(lab.folder, "control/process"), "utf8")) ?? [];
    process.kill(Number(pid), "SIGKILL");
    await expect.poll(() => kubectl("get nodes -o name").catch(String), { timeout: 300_000 }).toContain("node/node2");
    await expectAnswers(2);
  });
});

test("down leaves no trace of it, and the machine as it was", async () => {
  await down(name);
  expect(
    traces(
      name,
      Object.values(lab.routers).map(({ ipv4 }) => ipv4),
    ),
  ).toEqual([]);
  expect(machineSysctls()).toEqual(before.sysctls);
  // Another lab may begin or end in this moment.
  await expect.poll(() => anyLab() || inotifyInstances() === before.inotify, { timeout: 60_000 }).toBe(true);
});

test("a cluster whose making was killed, twice, is made whole, and goes whole", async () => {
  const victim = "halfway";
  const command = [join(__dirname, "../../../dist/commands/podnet.js"), "lab", "up", "--kubernetes", "--name", victim];
  for (const milliseconds of [700, 2500]) {
    const child = execFile(process.execPath, [...command, "--nodes", "1"]);
    await sleep(milliseconds);
    child.kill("SIGKILL");
  }
  const whole = await up({ name: victim, nodes: [{ name: "node1" }], kubernetes: true });
  expect((await whole.kubectl(["get", "nodes", "-o", "name"])).stdout).toBe("node/node1\n");
  await down(victim);
  expect(
    traces(
      victim,
      Object.values(whole.routers).map(({ ipv4 }) => ipv4),
    ),
  ).toEqual([]);
});
