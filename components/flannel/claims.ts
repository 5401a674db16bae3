import { type Claims, claimsOf, clusterNetwork } from "../network-nodes/beside";
import { kindOf } from "./backends";
import type { FlannelSettings } from "./complete";

/** What this network takes that another may not have. */
export function claims(settings: FlannelSettings): Claims {
  const { etcd, kubernetes } = settings;
  const bridges = etcd?.runtime === "docker" ? [] : ["cni0"];
  return claimsOf(settings, [
    ...(kubernetes ? [{ path: "kubernetes.namespace", thing: `the namespace ${kubernetes.namespace}` }] : []),
    // One flannel a node: its devices and its file have names of flannel's own.
    ...bridges.map((device) => ({ thing: `the device ${device}` })),
    ...(kubernetes ? [annotationsOfNode, clusterNetwork] : []),
    ...thingsOfBackend(settings),
  ]);
}

/** What flanneld tells others of its node there is once, whoever starts it. */
export const annotationsOfNode = { thing: "what flannel notes on the Node" };

/** What flanneld makes on a node for its backend. */
export function thingsOfBackend({ backend }: Pick<FlannelSettings, "backend">): Claims["things"] {
  const devices = kindOf(backend).devices(backend);
  return [
    ...devices.map((device) => ({
      thing: `the device ${device}`,
      ...(backend.type === "vxlan" && { path: "backend.vni" }),
    })),
    ...(backend.type === "vxlan"
      ? [{ path: "backend.vni", thing: `the tunnel ${backend.vni} on port ${backend.port}` }]
      : []),
  ];
}
