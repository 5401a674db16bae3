import { quote } from "../components/node/quote";
import { type AddressPair, addresses, routerHost, type SegmentName } from "./address";
import { type SlowPath, slowPath } from "./delay";
import { type Cut, cut, heal, sshConnections } from "./faults";
import { labFiles } from "./inventory";
import { calicoCrdsFile, isMember, kubeconfigFile, kubectlFile } from "./kubernetes/cluster";
import { reboot, runInNode, settled, waitForSsh } from "./node-access";
import { attachPod, detachPod, inPod, type PingResult, type Pod, pingMatrix, type RunInNode } from "./pods";
import { type Outcome, shell } from "./shell";
import { snapshotScript } from "./snapshot";
import { labFolder } from "./state";
import type { NodeKind, PlacedNode } from "./topology";
import { routerNamespace, switchNamespace, type Underlay } from "./underlay";

export interface LabNode {
  name: string;
  segment: SegmentName;
  kind: NodeKind;
  addresses: AddressPair;
}

/** A lab that is up. */
export class Lab {
  readonly name: string;
  readonly nodes: readonly LabNode[];
  readonly folder: string;
  readonly privateKeyFile: string;
  readonly knownHostsFile: string;
  readonly inventoryFile: string;
  /** For the admin of the cluster; undefined in a lab without one. */
  readonly kubeconfigFile: string | undefined;
  /** Calico's definitions, for the release that its nodes have images of; undefined in a lab without a cluster. */
  readonly calicoCrdsFile: string | undefined;
  /** The router's address in each segment: the nodes' default gateway. */
  readonly routers: Readonly<Record<SegmentName, AddressPair>>;

  constructor(
    readonly underlay: Underlay,
    private readonly placed: readonly PlacedNode[],
  ) {
    const files = labFiles(labFolder(underlay.name));
    this.name = underlay.name;
    this.folder = files.folder;
    this.privateKeyFile = files.privateKey;
    this.knownHostsFile = files.knownHosts;
    this.inventoryFile = files.inventory;
    const hasCluster = placed.some(isMember);
    this.kubeconfigFile = hasCluster ? kubeconfigFile(underlay.name) : undefined;
    this.calicoCrdsFile = hasCluster ? calicoCrdsFile(underlay.name) : undefined;
    this.routers = { a: addresses(underlay.slot, "a", routerHost), b: addresses(underlay.slot, "b", routerHost) };
    this.nodes = placed.map(({ name, segment, kind, host }) => ({
      name,
      segment,
      kind,
      addresses: addresses(underlay.slot, segment, host),
    }));
  }

  /** Runs a script in a node without SSH, for a look that the node's own network cannot disturb. */
  async exec(node: string, script: string, timeoutSeconds?: number): Promise<Outcome> {
    return runInNode(this.name, this.place(node), script, timeoutSeconds);
  }

  /** Reboots a node, or with `hard` cuts its power, and waits until it has begun to boot. */
  async reboot(node: string, { hard = false } = {}): Promise<void> {
    return reboot(this.underlay, this.place(node), hard);
  }

  /** Waits until sshd answers and, in a full node, until systemd has started everything. */
  async waitForSsh(node: string, timeoutSeconds?: number): Promise<void> {
    await waitForSsh(this.underlay, this.place(node), timeoutSeconds);
    await settled(this.name, this.place(node));
  }

  /** Cuts a node off at the switch: its cable, or only SSH to it. */
  async cut(node: string, how: Cut): Promise<void> {
    return cut(this.underlay, this.place(node), how);
  }

  /** Ends the cuts of a node. */
  async heal(node: string): Promise<void> {
    return heal(this.underlay, this.place(node));
  }

  /** A local port that leads to the node's sshd, each way some milliseconds late. */
  async slow(node: string, milliseconds: number): Promise<SlowPath> {
    const { ipv4 } = addresses(this.underlay.slot, this.place(node).segment, this.place(node).host);
    return slowPath({ host: ipv4, port: 22 }, milliseconds);
  }

  /** Makes a file or folder of a node read-only, until `writable` or a reboot. */
  async readOnly(node: string, path: string): Promise<void> {
    const target = quote(path);
    // The kernel refuses while anybody has a file there open for writing.
    const script = `mount --bind ${target} ${target} || exit; turn=0
until said=$(mount -o remount,bind,ro ${target} 2>&1); do
  turn=$((turn + 1)); [ $turn -lt 600 ] || { umount -l ${target}; echo "$said" >&2; exit 1; }; sleep 0.05
done`;
    await this.ran(node, script);
  }

  async writable(node: string, path: string): Promise<void> {
    // A process that stands in it keeps it from being unmounted, and may write from here on.
    const target = quote(path);
    await this.ran(node, `mount -o remount,bind,rw ${target}; umount ${target} 2>/dev/null || umount -l ${target}`);
  }

  /** Runs a script in the router's network namespace, with this machine's files. */
  execRouter(script: string): Promise<Outcome> {
    return shell(script, { through: ["ip", "netns", "exec", routerNamespace(this.underlay), "/bin/sh", "-s"] });
  }

  /** Runs a script in the switch's network namespace, where each node's cable ends in a port of the node's name. */
  execSwitch(script: string): Promise<Outcome> {
    return shell(script, { through: ["ip", "netns", "exec", switchNamespace(this.underlay), "/bin/sh", "-s"] });
  }

  /** A command that runs kubectl as the cluster's admin. Throws when there is no cluster. */
  kubectlCommand(words: readonly string[]): string[] {
    if (!this.kubeconfigFile)
      throw new Error(`lab ${this.name} has no Kubernetes cluster; \`podnet lab up --kubernetes\` makes one`);
    return [kubectlFile(this.name), "--kubeconfig", this.kubeconfigFile, ...words];
  }

  /** Runs kubectl as the cluster's admin; how it ended is in the outcome. */
  kubectl(words: readonly string[], stdin = "", timeoutSeconds?: number): Promise<Outcome> {
    return shell(stdin, {
      through: this.kubectlCommand(words),
      ...(timeoutSeconds !== undefined && { timeoutSeconds }),
    });
  }

  /** Everything about a node that podnet may change, as text to compare before and after. */
  async snapshot(node: string): Promise<string> {
    return (await this.ran(node, snapshotScript)).stdout;
  }

  /** SSH connections begun to each node since the lab came up, counted by the switch; a node with none is missing. */
  async sshConnections(): Promise<Map<string, number>> {
    const counts = await sshConnections(this.underlay);
    return new Map([...counts].filter(([port]) => this.placed.some((node) => node.name === port)));
  }

  /** Makes a pod and attaches it by the node's CNI configuration; one of that name is detached first. */
  attachPod(node: string, pod: string): Promise<Pod> {
    return attachPod(this.run, node, pod);
  }

  detachPod(node: string, pod: string): Promise<void> {
    return detachPod(this.run, { node, name: pod });
  }

  /** Runs a script in a pod's network namespace. */
  inPod(node: string, pod: string, script: string): Promise<Outcome> {
    return inPod(this.run, { node, name: pod }, script);
  }

  /** Pings from every pod to every other. With `size`, payload bytes that may not be fragmented. */
  pingMatrix(pods: Pod[], { size }: { size?: number } = {}): Promise<PingResult[]> {
    return pingMatrix(this.run, pods, size);
  }

  private readonly run: RunInNode = (node, script) => this.exec(node, script);

  private async ran(node: string, script: string): Promise<Outcome> {
    const outcome = await this.exec(node, script);
    if (outcome.code === 0) return outcome;
    throw new Error(`lab ${this.name}: node ${node}: ${outcome.stderr.trim() || `exit ${outcome.code}`}`);
  }

  private place(name: string): PlacedNode {
    const node = this.placed.find((one) => one.name === name);
    if (!node)
      throw new Error(
        `lab ${this.name} has no node "${name}": it has ${this.placed.map((one) => one.name).join(", ")}`,
      );
    return node;
  }
}
