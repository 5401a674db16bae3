import { resolve } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import {
  BridgeNetwork,
  CalicoHosts,
  CalicoNetwork,
  CanalNetwork,
  ContivNetwork,
  FlannelNetwork,
  Inventory,
  type InventoryInput,
  LinenNetwork,
  type NetworkRoutes,
  NuageNetwork,
  OpenVSwitch,
  OvnKubernetesNetwork,
  PolicyBaseline,
  type PolicyBaselineArgs,
  RomanaNetwork,
  type SshHost,
  UserError,
  WeaveNetwork,
} from "../components";

/** Where the nodes stand: a file, the nodes themselves, or what another tool knows of them. */
type InventorySetting =
  | string
  | InventoryInput
  | ({ ansible: string; group?: string } & Pick<InventoryInput, "segments" | "defaults">)
  | ({ sshConfig: string; hosts: SshHost[] } & Pick<InventoryInput, "segments" | "defaults">);

function readInventory(setting: InventorySetting): Inventory {
  if (typeof setting === "string") return Inventory.fromFile(fromProject(setting));
  if ("ansible" in setting) return Inventory.fromAnsible(fromProject(setting.ansible), setting);
  if ("sshConfig" in setting) return Inventory.fromSshConfig(fromProject(setting.sshConfig), setting.hosts, setting);
  return Inventory.of(setting, "inventory");
}

/** A path in a stack's settings is from the folder of Pulumi.yaml; the program itself runs in another. */
function fromProject(path: string): string {
  return resolve(pulumi.runtime.getRootDirectory(), path);
}

/** The cluster, by the path of its kubeconfig, whose content is no part of the state. Without one: KUBECONFIG's. */
function readCluster(path: string | undefined): pulumi.ComponentResourceOptions {
  if (path === undefined) return {};
  const { Provider } = require("@pulumi/kubernetes") as typeof import("@pulumi/kubernetes");
  return { provider: new Provider("cluster", { kubeconfig: fromProject(path) }) };
}

interface NetworkSetting {
  /**
   * Which network: "bridge", "calico", "calico-hosts", "canal", "contiv", "flannel", "linen", "nuage", "openvswitch",
   * "ovn-kubernetes", "romana", "weave".
   */
  type: string;
  /** @default "pods" */
  name?: string;
  [option: string]: unknown;
}

/** What a stack says besides the network itself. */
interface Surroundings {
  nodes: Inventory | undefined;
  cluster: pulumi.ComponentResourceOptions;
}

type Network =
  | BridgeNetwork
  | CalicoHosts
  | CalicoNetwork
  | CanalNetwork
  | ContivNetwork
  | FlannelNetwork
  | LinenNetwork
  | NuageNetwork
  | OpenVSwitch
  | OvnKubernetesNetwork
  | RomanaNetwork
  | WeaveNetwork;

type Settings = Record<string, unknown>;
/** A component's class. Its settings are a user's, which it reads and refuses by itself. */
type Component = new (name: string, args: never, options: pulumi.ComponentResourceOptions) => Network;

/** A network of a cluster, which may be made without its nodes. */
const inCluster =
  (Component: Component, more: (settings: Settings) => Settings = () => ({})) =>
  (name: string, settings: Settings, { nodes, cluster }: Surroundings) =>
    new Component(name, { ...settings, ...(nodes && { nodes }), ...more(settings) } as never, cluster);

/** A network of nodes, which is nothing without them. */
const onNodes =
  (Component: Component) =>
  (name: string, settings: Settings, { nodes, cluster }: Surroundings) => {
    const needed = nodes ?? missing("inventory", "name the file that lists the nodes");
    return new Component(name, { ...settings, nodes: needed } as never, cluster);
  };

/** Networks that a stack can name. */
const networks = {
  bridge: onNodes(BridgeNetwork),
  calico: inCluster(CalicoNetwork),
  "calico-hosts": onNodes(CalicoHosts),
  canal: inCluster(CanalNetwork),
  contiv: inCluster(ContivNetwork),
  flannel: inCluster(FlannelNetwork),
  linen: onNodes(LinenNetwork),
  nuage: inCluster(NuageNetwork, nuageSecrets),
  openvswitch: onNodes(OpenVSwitch),
  "ovn-kubernetes": inCluster(OvnKubernetesNetwork),
  romana: inCluster(RomanaNetwork),
  weave: inCluster(WeaveNetwork),
};

/** The VSD's certificate and key, from the stack's secrets: `pulumi config set --secret vsdKey < key.pem`. */
function nuageSecrets({ vsd }: Settings): Settings {
  const config = new pulumi.Config();
  const [certificate, key] = [config.getSecret("vsdCertificate"), config.getSecret("vsdKey")];
  return certificate && key ? { vsd: { ...(vsd as object), certificate, key } } : {};
}

function build({ type, name = "pods", ...settings }: NetworkSetting, surroundings: Surroundings): Network {
  const make = networks[type as keyof typeof networks];
  if (make) return make(name, settings, surroundings);
  const rule = `there is no network of type "${type}"`;
  throw new UserError("stack settings", [
    { path: "network.type", rule, fix: `known are: ${Object.keys(networks).join(", ")}` },
  ]);
}

function missing(key: string, fix: string): never {
  throw new UserError("stack settings", [{ path: key, rule: `${key} is not set`, fix }]);
}

/**
 * Other stacks' pod addresses, by the output podCidr that each has after its first `pulumi up`. They are read at
 * preview, from the backend: no node is asked.
 */
async function rangesOf(stacks: readonly string[]): Promise<Record<string, string[]>> {
  const found = stacks.map(async (name) => {
    const { value } = await new pulumi.StackReference(name).getOutputDetails("podCidr");
    if (Array.isArray(value)) return [`stack ${name}`, value as string[]] as const;
    const rule = `the stack ${name} has no output podCidr`;
    throw new UserError("stack settings", [
      {
        path: "otherStacks",
        value: name,
        rule,
        fix: `run pulumi up --stack ${name} first, or name its ranges in otherRanges`,
      },
    ]);
  });
  return Object.fromEntries(await Promise.all(found));
}

interface RoutesSetting {
  /** Whose route tables: "aws", "gcp" or "alicloud". */
  cloud: string;
  [option: string]: unknown;
}

/** Clouds that a stack can name. Each is loaded when it is named: its SDK is only for who has that cloud. */
const clouds = {
  aws: () => (require("../components/aws") as typeof import("../components/aws")).AwsRoutes,
  gcp: () => (require("../components/gcp") as typeof import("../components/gcp")).GcpRoutes,
  alicloud: () => (require("../components/alicloud") as typeof import("../components/alicloud")).AlicloudRoutes,
};

/** The network's own setting, which makes its routes. */
function routesBy({ cloud, ...settings }: RoutesSetting): NetworkRoutes {
  const load = clouds[cloud as keyof typeof clouds];
  if (load) return (name, network, options) => new (load())(name, { ...settings, network } as never, options);
  const rule = `there is no cloud "${cloud}"`;
  throw new UserError("stack settings", [
    { path: "routes.cloud", rule, fix: `known are: ${Object.keys(clouds).join(", ")}` },
  ]);
}

type PolicySetting = PolicyBaselineArgs & {
  /** @default "baseline" */
  name?: string;
};

/** A baseline of the cluster's policy; with the stack's inventory its audit reads the nodes' connections. */
function buildPolicy(
  { name = "baseline", ...settings }: PolicySetting,
  network: Network | undefined,
  { nodes, cluster }: Surroundings,
) {
  return new PolicyBaseline(name, { ...settings, ...(network && { network }), ...(nodes && { nodes }) }, cluster);
}

function setting<T>(config: pulumi.Config, key: string): T | undefined {
  const text = config.get(key);
  if (text === undefined) return undefined;
  return /^\s*[{[]/.test(text) ? config.requireObject<T>(key) : (text as T);
}

/** A stack makes a network, a baseline of policy, or both: the baseline of a cluster that exists needs no network here. */
function networkSetting(config: pulumi.Config): NetworkSetting | undefined {
  const network = setting<NetworkSetting>(config, "network");
  if (network ?? config.get("policy")) return network;
  return missing("network", "say which network: { type: bridge, podCidr: ... }");
}

async function program() {
  const config = new pulumi.Config();
  const inventory = setting<InventorySetting>(config, "inventory");
  const wanted = networkSetting(config);
  const surroundings = {
    nodes: inventory === undefined ? undefined : readInventory(inventory),
    cluster: readCluster(config.get("kubeconfig")),
  };
  const others = await rangesOf(config.getObject<string[]>("otherStacks") ?? []);
  const routes = config.getObject<RoutesSetting>("routes");
  const made = wanted && { ...withRanges(wanted, others), ...(routes && { routes: routesBy(routes) }) };
  const network = made && build(made, surroundings);
  const policy = config.getObject<PolicySetting>("policy");
  const baseline = policy && buildPolicy(policy, network, surroundings);
  return {
    ...(network && outputsOf(network)),
    ...(baseline && { policyWarnings: baseline.warnings }),
    ...(baseline?.audit && { wouldBeCut: baseline.audit.cut }),
  };
}

function withRanges(network: NetworkSetting, others: Record<string, string[]>): NetworkSetting {
  const otherRanges = { ...(network.otherRanges as object), ...others };
  // Not every network has addresses of its own.
  return Object.keys(otherRanges).length > 0 ? { ...network, otherRanges } : network;
}

/** The stack's outputs: what its network has of them. */
function outputsOf(network: Network) {
  return {
    ...("podCidr" in network && { podCidr: network.podCidr }),
    ...("subnets" in network && { podSubnets: network.subnets }),
    ...("verification" in network && network.verification && { matrix: network.verification.matrix }),
    ...("routerRoutes" in network && { routerRoutes: network.routerRoutes }),
    ...("ports" in network && { ports: network.ports }),
    ...("routes" in network && network.routes && { cloudRoutes: network.routes.routes }),
  };
}

export = program;
