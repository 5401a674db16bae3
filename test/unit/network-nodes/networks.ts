/** What every network is told in one stack, whichever it is. */
export const shared = { name: "pods", podCidr: "10.244.0.0/16", serviceCidr: "10.96.0.0/12" };

/**
 * Every network of pods that a stack can name, with the class that it is and the least that it must be told beside that:
 * another network is another `type`, and what only that one must know.
 */
export const networks: Record<string, { component: string; least: Record<string, unknown> }> = {
  bridge: { component: "BridgeNetwork", least: {} },
  calico: { component: "CalicoNetwork", least: { crds: "present" } },
  canal: { component: "CanalNetwork", least: { crds: "present" } },
  contiv: {
    component: "ContivNetwork",
    least: { legacy: true, images: { netplugin: "registry.example.com/netplugin:head" } },
  },
  flannel: { component: "FlannelNetwork", least: {} },
  linen: { component: "LinenNetwork", least: { topology: { type: "star", hub: "node1" } } },
  nuage: {
    component: "NuageNetwork",
    least: {
      vsd: { address: "vsd.example.com", certificate: "CERTIFICATE", key: "KEY" },
      vrs: { controllers: ["192.0.2.7"] },
      monitor: { address: "192.0.2.5" },
    },
  },
  "ovn-kubernetes": {
    component: "OvnKubernetesNetwork",
    least: {
      apiServer: "https://192.0.2.10:6443",
      kubeProxy: "absent",
      crds: "present",
      gateway: { bridge: "made-beforehand" },
      // podnet's own is made by Pulumi's plugin for keys, which not every machine has.
      identity: { certificate: { certificate: "CERTIFICATE", key: "KEY", authority: "AUTHORITY" } },
    },
  },
  romana: { component: "RomanaNetwork", least: { attach: "cni" } },
  weave: { component: "WeaveNetwork", least: {} },
};
