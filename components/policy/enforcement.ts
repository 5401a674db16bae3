/** What a CNI does with policy, and what not. */
export interface Enforcement {
  /** As people write it. */
  title: string;
  /** Which directions it enforces; none: it reads no policy at all. */
  directions: readonly ("ingress" | "egress")[];
  /** Fields of NetworkPolicy that it does not understand. */
  lacks: readonly Lack[];
  /** The objects that it takes beside NetworkPolicy. */
  forms: readonly ("ClusterNetworkPolicy" | "GlobalNetworkPolicy")[];
  /** What else is to be known, in one sentence. */
  note?: string;
}

type Lack = "named ports" | "policies with named ports" | "port ranges" | "ranges" | "sctp" | "policy";

const both = ["ingress", "egress"] as const;
const none = { directions: [], lacks: ["policy"], forms: [] } as const;
const full = { directions: both, lacks: [], forms: [] } as const;

/**
 * Each CNI by its name in settings. Read in the CNIs' own code and release notes; ClusterNetworkPolicy is v1alpha2 of
 * policy.networking.k8s.io.
 */
export const enforcement = {
  none: { ...none, title: "a network without policy" },
  bridge: { ...none, title: "the bridge plugin" },
  flannel: { ...none, title: "flannel" },
  linen: { ...none, title: "Linen" },
  contiv: { ...none, title: "Contiv" },
  calico: { ...full, title: "Calico", forms: ["ClusterNetworkPolicy", "GlobalNetworkPolicy"] },
  canal: { ...full, title: "Canal", forms: ["ClusterNetworkPolicy", "GlobalNetworkPolicy"] },
  antrea: { ...full, title: "Antrea", forms: ["ClusterNetworkPolicy"], note: "ClusterNetworkPolicy is alpha in 2.7" },
  "kube-ovn": {
    ...full,
    title: "Kube-OVN",
    forms: ["ClusterNetworkPolicy"],
    note: "ClusterNetworkPolicy is experimental",
  },
  "kube-network-policies": { ...full, title: "kube-network-policies", forms: ["ClusterNetworkPolicy"] },
  "contiv-vpp": { ...full, title: "Contiv-VPP" },
  cilium: {
    ...full,
    title: "Cilium",
    note: "a range holds no pod, and no node unless policy-cidr-match-mode is nodes: the opening to the API server needs it",
  },
  "ovn-kubernetes": { ...full, title: "OVN-Kubernetes", lacks: ["named ports"] },
  // Its analyser rejects a policy at the first port by name, before anything of it is made.
  weave: { ...full, title: "Weave", lacks: ["policies with named ports", "port ranges"] },
  nuage: {
    directions: ["ingress"],
    lacks: ["port ranges", "ranges", "sctp"],
    forms: [],
    title: "Nuage",
    note: "each policy has the label nuage.io/priority, without which Nuage refuses it",
  },
  romana: {
    directions: ["ingress"],
    // Its listener's translation: a port is a number, and a peer that has no selector refuses the whole policy.
    lacks: ["named ports", "port ranges", "ranges", "sctp"],
    forms: [],
    title: "Romana",
    note: "it was made for the policies of Kubernetes 1.7, and does not read those of today's API",
  },
} as const satisfies Record<string, Enforcement>;

export type CniName = keyof typeof enforcement;
export const cniNames = Object.keys(enforcement) as [CniName, ...CniName[]];

/** Which CNI a component of podnet makes, by its type. */
const components: Record<string, CniName> = {
  BridgeNetwork: "bridge",
  CalicoNetwork: "calico",
  CanalNetwork: "canal",
  ContivNetwork: "contiv",
  FlannelNetwork: "flannel",
  LinenNetwork: "linen",
  NuageNetwork: "nuage",
  OvnKubernetesNetwork: "ovn-kubernetes",
  RomanaNetwork: "romana",
  WeaveNetwork: "weave",
};

/** A component may say of itself that it enforces nothing, or all, as it is set. */
export function cniOf(component: string | undefined, enforcesPolicy?: boolean): CniName | undefined {
  const name = components[component?.split(":").at(-1) ?? ""];
  // Contiv-VPP is another system in all but the component.
  if (name === "contiv" && enforcesPolicy) return "contiv-vpp";
  return name !== undefined && enforcesPolicy === false ? "none" : name;
}
