import type { Facts } from "../../../components/node/facts";
import { plan } from "../../../components/node/plan";
import { resolve } from "../../../components/node/resolve";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { emptyFacts } from "./world";

/** A node with one NIC, its address and a default route. */
export function facts(): Facts {
  const one = emptyFacts();
  const nic = { type: "", mac: "02:00:00:00:00:aa", mtu: 1500, up: true, master: null, details: {} };
  one.links.set("eth0", { name: "eth0", ...nic });
  const fixed = { scope: "global", dynamic: false };
  one.addresses.push({ device: "eth0", address: "198.18.0.11/22", broadcast: "198.18.3.255", peer: null, ...fixed });
  one.addresses.push({ device: "eth0", address: "fd98::11/64", broadcast: null, peer: null, ...fixed });
  const route = { device: "eth0", table: 254, scope: null, source: null, onlink: false, unsupported: [] };
  one.routes.push({ family: "ipv4", to: "0.0.0.0/0", via: "198.18.0.1", metric: 0, protocol: "boot", ...route });
  one.routes.push({ family: "ipv4", to: "198.18.0.0/22", via: null, metric: 0, protocol: "kernel", ...route });
  one.routes.push({ family: "ipv6", to: "::/0", via: "fd98::1", metric: 1024, protocol: "boot", ...route });
  one.sysctls.set("net/ipv4/ip_forward", "0");
  one.sysctls.set("net/bridge/bridge-nf-call-iptables", "0");
  for (const path of ["/etc", "/etc/sysctl.d"])
    one.paths.set(path, { type: "directory", mode: "0755", uid: 0, gid: 0, sha256: null });
  return one;
}

/** What is planned there for this state. */
export function planFor(input: NodeStateInput, on = facts()) {
  const resolved = resolve(nodeState.parse(input), on, new Map());
  return { ...plan({ items: resolved.items, manifest: undefined, facts: on, adopt: true }), resolved };
}
