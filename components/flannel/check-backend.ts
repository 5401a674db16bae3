import { families } from "../addresses/families";
import { smallestMtu } from "../addresses/mtu";
import type { Problem } from "../addresses/problem";
import { someOf } from "../network-nodes/ranges";
import { kindOf } from "./backends";
import { type FlannelSettings, overheadOf } from "./complete";

/** What a backend cannot do, with these nodes and pods. */
export function backendProblems(settings: FlannelSettings): Problem[] {
  const { backend, podCidr, nodes, checksumOffload } = settings;
  const kind = kindOf(backend);
  const foreign = families(podCidr).filter((family) => !kind.families.includes(family));
  const segments = [...new Set(nodes?.nodes.map(({ segment }) => segment))];
  return [
    ...foreign.map((family) => ({
      path: "backend.type",
      value: backend.type,
      rule: `backend ${backend.type} has no ${family}, and podCidr has an ${family} range`,
      fix: "take vxlan, host-gw or wireguard, or leave the range out",
    })),
    ...(backend.type === "host-gw" && segments.length > 1
      ? [
          {
            path: "backend.type",
            value: backend.type,
            rule: `host-gw sends packets to nodes of its own segment only, and the nodes are in ${segments.join(", ")}`,
            fix: 'take { type: "vxlan", directRouting: true }, which does the same inside a segment',
          },
        ]
      : []),
    ...(backend.type === "wireguard" &&
    backend.mode === "separate" &&
    backend.port === backend.portV6 &&
    podCidr.length > 1
      ? [
          {
            path: "backend.portV6",
            value: String(backend.portV6),
            rule: "the tunnels of both families have one port",
            fix: 'give each its own, or say mode: "auto" for one tunnel',
          },
        ]
      : []),
    ...(!checksumOffload && kind.devices(backend).length === 0
      ? [
          {
            path: "checksumOffload",
            rule: `backend ${backend.type} has no device of its own`,
            fix: "leave checksumOffload out",
          },
        ]
      : []),
  ];
}

/** Packets of pods, with what the backend puts before them, fit every node's NIC. */
export function mtuProblems(settings: FlannelSettings): Problem[] {
  const { mtu, underlayMtu, nodes, podCidr, backend } = settings;
  const overhead = overheadOf(settings);
  const six = families(podCidr).includes("ipv6");
  if (mtu === undefined || underlayMtu === undefined)
    return six && backend.type === "vxlan"
      ? [
          {
            path: "underlayMtu",
            rule: "flannel leaves no room for the IPv6 underlay of vxlan, 20 bytes more, unless it is told the NICs' MTU",
            fix: "say underlayMtu, or give the nodes",
          },
        ]
      : [];
  const narrow = Map.groupBy(
    (nodes?.nodes ?? []).filter((node) => node.mtu < Math.max(mtu + overhead, underlayMtu)),
    (node) => node.mtu,
  );
  const needs = overhead > 0 ? ` and ${overhead} of ${backend.type}` : "";
  return [
    ...[...narrow].map(([carried, group]) => ({
      path: settings.mtu === undefined ? "underlayMtu" : "mtu",
      value: String(mtu),
      rule: `packets of ${mtu} bytes${needs} do not fit the NIC of ${someOf(group)}, which carries ${carried}`,
      fix: `take ${carried - overhead} or less, or correct the mtu of these nodes in the inventory`,
    })),
    ...(nodes === undefined && mtu + overhead > underlayMtu
      ? [
          {
            path: "mtu",
            value: String(mtu),
            rule: `packets of ${mtu} bytes${needs} do not fit an underlay of ${underlayMtu}`,
            fix: `take ${underlayMtu - overhead} or less`,
          },
        ]
      : []),
    ...families(podCidr)
      .filter((family) => mtu < smallestMtu[family])
      .map((family) => ({
        path: "mtu",
        value: String(mtu),
        rule: `${mtu} bytes are less than the ${smallestMtu[family]} that ${family} needs`,
        fix: "raise the MTU of the NICs, or leave this address family out",
      })),
  ];
}
