import { existsSync } from "node:fs";
import { mkdir, readFile, rm, symlink } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { addresses } from "../address";
import { type Boot, superviseScript } from "../boot";
import type { NodeFile } from "../node-files";
import { isMachineRunning, startMachine, stopMachines } from "../nodes";
import { labFolder, nodeFolder, replaceFile } from "../state";
import type { PlacedNode } from "../topology";
import type { Underlay } from "../underlay";
import { apiServer, controlPlane } from "./addresses";
import { Api } from "./api";
import { type Artifacts, clusterArtifacts } from "./artifacts";
import { controlIdentities, credential, ensureCertificates, type Identity, nodeIdentity } from "./certificates";
import { controlPort, controlScript } from "./control-script";
import { kubeconfigText } from "./kubeconfig";
import { memberBoot } from "./node-boot";
import { clusterNodeFiles } from "./node-files";

/** Where a lab has its cluster's control plane; the lab has a cluster while it is there. */
const controlFolder = (lab: string) => join(labFolder(lab), "control");
/** The admin's kubeconfig, beside the inventory. */
export const kubeconfigFile = (lab: string) => join(labFolder(lab), "kubeconfig");
export const kubectlFile = (lab: string) => join(controlFolder(lab), "kubectl");
/** Definitions of Calico's kinds, of the release that the nodes have images of. */
export const calicoCrdsFile = (lab: string) => join(labFolder(lab), "calico-crds.yaml");
export const isMember = (node: PlacedNode) => node.kind === "kubernetes";

/** The Kubernetes cluster of a lab, while it is brought up. */
export class Cluster {
  private readonly folder: string;
  private readonly pki: string;

  private constructor(
    private readonly underlay: Underlay,
    private readonly artifacts: Artifacts,
  ) {
    this.folder = controlFolder(underlay.name);
    this.pki = join(this.folder, "pki");
  }

  /** Begins, or finds running, a control plane. */
  static async begin(underlay: Underlay, ports: Set<string>): Promise<Cluster> {
    const cluster = new Cluster(underlay, await clusterArtifacts());
    await mkdir(cluster.folder, { recursive: true, mode: 0o700 });
    await cluster.writeIdentities();
    await replaceLink(kubectlFile(underlay.name), join(cluster.artifacts.control, "kubectl"));
    await replaceLink(calicoCrdsFile(underlay.name), cluster.artifacts.calicoCrds);
    if (!ports.has(controlPort) || !(await isMachineRunning(cluster.folder))) await cluster.start();
    return cluster;
  }

  private async start(): Promise<void> {
    await stopMachines([this.folder]);
    const supervise = superviseScript(this.underlay, "control", [controlPort], this.folder);
    await startMachine(this.folder, supervise, controlScript(this.underlay, this.folder, this.artifacts));
  }

  private async writeIdentities(): Promise<void> {
    const identities = controlIdentities(controlPlane(this.underlay.slot));
    await ensureCertificates(this.pki, identities);
    const authority = await this.authority();
    for (const file of ["controller-manager", "scheduler", "admin"]) {
      const identity = identities.find((one) => one.file === file) as Identity;
      const own = await credential(this.pki, this.pki, identity);
      const text = kubeconfigText(apiServer(this.underlay.slot), authority, identity.user, own);
      const path = file === "admin" ? kubeconfigFile(this.underlay.name) : join(this.folder, `${file}.kubeconfig`);
      await replaceFile(path, text, 0o600);
    }
  }

  private authority(): Promise<string> {
    return readFile(join(this.pki, "ca.crt"), "utf8");
  }

  /** What makes a full node a node of this cluster, with a credential of its own. */
  async nodeFiles(node: PlacedNode): Promise<NodeFile[]> {
    const { name, slot } = this.underlay;
    const identity = nodeIdentity(node.name, addresses(slot, node.segment, node.host));
    const proxy = controlIdentities(controlPlane(slot)).find(({ file }) => file === "proxy") as Identity;
    return clusterNodeFiles(slot, node, await this.authority(), {
      kubelet: await credential(this.pki, join(nodeFolder(name, node.name), "pki"), identity),
      proxy: await credential(this.pki, this.pki, proxy),
    });
  }

  /** How such a node starts on the layers of a full one. */
  boot(node: PlacedNode, layers: readonly string[]): Boot {
    return memberBoot(this.underlay.name, nodeFolder(this.underlay.name, node.name), this.artifacts, layers);
  }

  /** Waits until the nodes are registered and no others are; without a network they are not Ready. */
  async joined(nodes: readonly PlacedNode[], timeoutSeconds = 300): Promise<void> {
    const api = await Api.open(this.underlay.slot, this.pki);
    const wanted = nodes.filter(isMember).map(({ name }) => name);
    const deadline = Date.now() + timeoutSeconds * 1000;
    for (;;) {
      const ready = await api.isReady();
      // Between two questions the API server of a busy machine may have no time for the second.
      const missing = ready ? await missingNodes(api, wanted).catch((error: Error) => error) : undefined;
      if (Array.isArray(missing) && missing.length === 0) return;
      if (Date.now() > deadline) throw await this.notJoined(missing, timeoutSeconds);
      await sleep(200);
    }
  }

  private async notJoined(missing: string[] | Error | undefined, seconds: number): Promise<Error> {
    if (missing instanceof Error) return new Error(`lab ${this.underlay.name}: ${missing.message} for ${seconds} s`);
    const what = missing ? `nodes ${missing.join(", ")} did not join` : "the API server is not ready";
    const log = await readFile(join(this.folder, "kube-apiserver.log"), "utf8").catch(() => "");
    const where = missing ? `journalctl -u kubelet on the node says why` : `its log's end:\n${log.trim().slice(-1500)}`;
    return new Error(`lab ${this.underlay.name}: ${what} within ${seconds} s; ${where}`);
  }
}

async function replaceLink(path: string, target: string): Promise<void> {
  await rm(path, { force: true });
  await symlink(target, path);
}

async function missingNodes(api: Api, wanted: readonly string[]): Promise<string[]> {
  const present = await api.nodes();
  for (const name of present.filter((one) => !wanted.includes(one))) await api.removeNode(name);
  return wanted.filter((name) => !present.includes(name));
}

/** Ends the cluster of a lab that has no node of one any more. */
export async function endCluster(lab: string): Promise<void> {
  if (!existsSync(controlFolder(lab)) && !existsSync(kubeconfigFile(lab))) return;
  await stopMachines([controlFolder(lab)]);
  for (const path of [controlFolder(lab), kubeconfigFile(lab), calicoCrdsFile(lab)])
    await rm(path, { recursive: true, force: true });
}
