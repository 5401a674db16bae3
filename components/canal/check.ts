import { Cidr } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import { etcdProblems } from "../calico/check-etcd";
import { failsafeProblems } from "../calico/check-failsafe";
import { felixProblems } from "../calico/check-felix";
import { typhaProblems } from "../calico/check-typha";
import { policyProblems } from "../calico/policy/check";
import { Port } from "../calico/policy/port";
import { since } from "../calico/version";
import { settingsProblems as flannelProblems, settingsWarnings as flannelWarnings } from "../flannel/check";
import { portsOf } from "../flannel/complete";
import { type CanalSettings, complete, flannelOf } from "./complete";
import type { ParsedSettings } from "./settings";

/** What is wrong with settings beyond the single field. */
export function settingsProblems(name: string, parsed: ParsedSettings): Problem[] {
  const settings = complete(name, parsed);
  return [
    ...flannelProblems(name, flannelOf({ ...settings, mtu: parsed.mtu })).map(underFlannel),
    ...felixProblems(settings),
    ...etcdProblems(settings),
    ...typhaProblems(settings),
    ...leaseProblems(settings),
    ...dataplaneProblems(settings),
    ...failsafeProblems({ ...settings, bgp: { enabled: false, listenPort: 179 }, between: tunnels(settings) }),
    ...policyProblems(settings, {
      hasTiers: since(settings.version, "3.30.0"),
      ...(settings.nodes && { nodes: settings.nodes.nodes.map((node) => node.name) }),
    }),
  ];
}

/** Felix knows nothing of flannel's tunnels: a host endpoint closes them with everything else. */
function tunnels(settings: CanalSettings) {
  if (Object.keys(settings.hostEndpoints).length === 0) return [];
  const by = `${settings.backend.type} of flannel, which packets of pods come by from other nodes`;
  return portsOf(flannelOf(settings)).flatMap(({ protocol, port }) =>
    port === undefined ? [] : [{ port: `${protocol}/${port}`, by }],
  );
}

/** Options of FlannelNetwork that have another place here. */
const places: Record<string, string> = {
  version: "flannel.version",
  blackholeRoute: "flannel.blackholeRoute",
  netfilter: "dataplane",
};

function underFlannel(problem: Problem): Problem {
  const { path, rule } = problem;
  const place = places[path];
  return place === undefined
    ? problem
    : { ...problem, path: place, rule: rule.replaceAll(/\b(version)\b/g, "flannel.version") };
}

/** flannel's half, which has its leases there too. */
function leaseProblems({ datastore, podCidr, nodePrefix, backend }: CanalSettings): Problem[] {
  if (datastore.type !== "etcd") return [];
  const ranges = podCidr.map((text) => Cidr.parse(text)).filter(({ family }) => family === "ipv4");
  const length = nodePrefix.ipv4 as number;
  return [
    ...(podCidr.some((cidr) => cidr.includes(":"))
      ? [
          {
            path: "podCidr",
            rule: "in etcd, the plugin that attaches pods takes one IPv4 subnet of flannel's",
            fix: "leave IPv6 out, or leave datastore out",
          },
        ]
      : []),
    ...ranges
      .filter(({ prefix }) => length < prefix + 2)
      .map((range) => ({
        path: "nodePrefix.ipv4",
        value: String(length),
        rule: `flannel leases subnets of a range with room for four, and ${range} has none for subnets of /${length}`,
        fix: `take ${range.prefix + 2} or more, or a larger podCidr`,
      })),
    ...("psk" in backend && backend.psk !== undefined
      ? [
          {
            path: "backend.psk",
            rule: "flannel's configuration lies in etcd for everybody to read, and the key with it",
            fix: "leave the key or the datastore out",
          },
        ]
      : []),
  ];
}

function dataplaneProblems({ dataplane, version, felix }: CanalSettings): Problem[] {
  if (dataplane !== "nftables") return [];
  return [
    ...(since(version, "3.29.0")
      ? []
      : [
          {
            path: "dataplane",
            value: dataplane,
            rule: "Felix's nftables dataplane came with v3.29",
            fix: "take iptables, or a later version",
          },
        ]),
    ...(felix.iptablesBackend === "Auto"
      ? []
      : [{ path: "felix.iptablesBackend", rule: "the dataplane is nftables", fix: "leave it out" }]),
  ];
}

/** What is likely to go wrong, and is the user's to judge. */
export function settingsWarnings(settings: CanalSettings): string[] {
  return [
    ...flannelWarnings(flannelOf(settings)),
    ...closable(settings),
    ...(settings.felix.chainInsertMode === "Append"
      ? ["felix.chainInsertMode is Append: a rule that accepts before Calico's chains passes by every policy"]
      : []),
  ];
}

/** Tunnels that policy for nodes may close: those without a port that could be failsafe, and those whose port is not. */
function closable(settings: CanalSettings): string[] {
  const { backend, hostEndpoints, autoHostEndpoints, felix } = settings;
  if (!autoHostEndpoints && Object.keys(hostEndpoints).length === 0) return [];
  const open = felix.failsafe.inbound.map((text) => Port.parse(text));
  const closed = portsOf(flannelOf(settings)).flatMap(({ protocol, protocolNumber, port }) => {
    if (port === undefined) return [`IP protocol ${protocolNumber}`];
    const text = `${protocol}/${port}`;
    return open.some((one) => one.includes(Port.parse(text))) ? [] : [text];
  });
  if (closed.length === 0) return [];
  return [
    `policy for nodes decides over ${closed.join(", ")} too, which packets of pods come by from other nodes (${backend.type}): ` +
      "have a policy allow it between the nodes",
  ];
}
