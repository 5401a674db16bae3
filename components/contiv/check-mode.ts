import type { Problem } from "../addresses/problem";
import { saidFields } from "../network-nodes/needless";
import { type ContivSettings, hasNetmaster, isKubernetes } from "./complete";
import { contivSettings, type ParsedSettings } from "./settings";

/** What one way of running has and another has not. */
export function modeProblems(settings: ContivSettings, parsed: ParsedSettings): Problem[] {
  const { mode, nodes, hosts, images, store } = settings;
  const onHosts = !isKubernetes(settings);
  return [
    ...(settings.legacy
      ? []
      : [
          {
            path: "legacy",
            rule: `${mode === "vpp" ? "Contiv-VPP has had no release since 2020" : "Contiv has had no release since 2019"}, and gets no fixes, also none for security`,
            fix: "say legacy: true to make it all the same",
          },
        ]),
    ...others(parsed).map((path) => ({
      path,
      rule: `${path} is set, and the mode is "${mode}"`,
      fix: `leave ${path} out`,
    })),
    ...(mode === "kubernetes" ? imageProblems(images.netplugin) : []),
    ...(onHosts && !hosts
      ? [
          {
            path: "hosts",
            rule: `mode "${mode}" runs netmaster on nodes, and none is named`,
            fix: "say hosts: { netmasters: [NODE] }",
          },
        ]
      : []),
    ...(onHosts && !nodes
      ? [
          {
            path: "nodes",
            rule: `mode "${mode}" runs netplugin on nodes, and there are none`,
            fix: "say nodes: Inventory.fromFile(path)",
          },
        ]
      : []),
    ...(onHosts && store.type === "own"
      ? [
          {
            path: "store",
            rule: "podnet runs an etcd for Contiv in Kubernetes alone",
            fix: 'say store: { type: "etcd", endpoint: "http://…:2379" }',
          },
        ]
      : []),
    ...(hosts?.netmasters ?? [])
      .filter((name) => nodes && !nodes.nodes.some((node) => node.name === name))
      .map((name) => ({
        path: "hosts.netmasters",
        value: name,
        rule: `there is no node ${name}`,
        fix: "name nodes of the inventory",
      })),
    ...(mode === "vpp" && store.type !== "own"
      ? [{ path: "store", rule: "Contiv-VPP's etcd is a part of it", fix: "leave store out" }]
      : []),
    ...(mode === "kubernetes" && !nodes
      ? [
          {
            path: "nodes",
            rule: "netmaster is asked from a node, and without its networks no pod gets an address",
            fix: "say nodes: Inventory.fromFile(path)",
          },
        ]
      : []),
  ];
}

/** Parts of the settings that only one mode reads. */
function others(parsed: ParsedSettings): string[] {
  const { mode, vpp, hosts, aci, authProxy, tenants, bgp, vlanUplinks, gateway } = parsed;
  const several = { tenants: some(tenants), bgp: some(bgp), vlanUplinks: some(vlanUplinks) };
  const ofNetmaster = { aci, authProxy, gateway, ...several };
  const set = (all: Record<string, unknown>) => Object.keys(all).filter((name) => all[name] !== undefined);
  return [
    ...(mode === "vpp" ? [] : set({ vpp })),
    ...(isKubernetes(parsed) ? set({ hosts }) : set({ authProxy })),
    ...(hasNetmaster(parsed) ? [] : set(ofNetmaster)),
    ...unread(parsed),
  ];
}

/** Settings that have a value in every mode, and that Contiv-VPP, or Contiv on hosts, is told nothing of. */
const unreadBy = {
  vpp: ["forwarding", "encapsulation", "vxlanPort", "infraNetwork", "globals", "exporters", "netmaster"],
  hosts: ["exporters", "pullPolicy", "namespace", "maxUnavailable"],
} as const;

function unread(parsed: ParsedSettings): string[] {
  const list = isKubernetes(parsed) ? (hasNetmaster(parsed) ? [] : unreadBy.vpp) : unreadBy.hosts;
  return saidFields(Object.fromEntries(list.map((path) => [path, contivSettings.shape[path]])), parsed);
}

const some = (value: object) => (Object.keys(value).length > 0 ? value : undefined);

/** The published releases look for namespaces below /proc, where only Docker's are. */
function imageProblems(netplugin: string | undefined): Problem[] {
  const path = "images.netplugin";
  const fix = "build contivk8s, netplugin and netmaster from upstream's last commit, and name your image";
  if (netplugin === undefined) return [{ path, rule: "no published image works with containerd or CRI-O", fix }];
  return /:v?1\.[0-2](\.|-|$)/.test(netplugin)
    ? [{ path, value: netplugin, rule: "Contiv 1.0 to 1.2 refuse the network namespaces of containerd and CRI-O", fix }]
    : [];
}
