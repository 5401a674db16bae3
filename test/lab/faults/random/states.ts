import fc from "fast-check";
import type { NodeStateInput } from "../../../../components";

/** What a state may name of the node it is for. */
export interface Place {
  gateway: string;
  /** An address of the node's own network where nobody is. */
  nobody: string;
  address: string;
}

export type StateOn = (place: Place) => NodeStateInput;

const some = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });
const mac = fc.constantFrom("02:00:5e:00:00:01", "02:00:5e:00:00:02");

/** Ordinary states of a node, with kinds of every sort; none of them keeps anybody out. */
const parts = fc.record({
  bridge: some(fc.record({ mtu: fc.constantFrom(1400, 1500), mac, subnet: fc.integer({ min: 0, max: 3 }) })),
  tunnel: some(fc.record({ vni: fc.integer({ min: 1, max: 3 }), mac, peers: fc.integer({ min: 1, max: 4 }) })),
  flat: fc.boolean(),
  routes: some(fc.record({ first: fc.integer({ min: 100, max: 120 }), count: fc.integer({ min: 1, max: 30 }) })),
  rule: some(fc.integer({ min: 1, max: 3 })),
  table: some(fc.constantFrom("accept", "counter accept", "ip protocol icmp accept")),
  sysctls: fc.dictionary(
    fc.constantFrom("net.ipv4.ip_forward", "net.ipv4.conf.all.rp_filter", "net.ipv6.conf.all.forwarding"),
    fc.constantFrom("0", "1"),
  ),
  files: fc.dictionary(
    fc.constantFrom("/etc/podnet-a/one", "/etc/podnet-a/b/two", "/opt/cni/three", "/etc/motd", "/etc/networks"),
    fc.string({ unit: "grapheme", maxLength: 80 }).map((text) => text.replaceAll("\0", "")),
    { maxKeys: 4 },
  ),
  seconds: some(fc.constantFrom("0.1", "0.6")),
});

export const ordinary: fc.Arbitrary<StateOn> = parts.map(
  ({ bridge, tunnel, flat, routes, rule, table, sysctls, files, seconds }) =>
    ({ gateway, address }) => ({
      sysctls,
      files: Object.entries(files).map(([path, content]) => ({ path, content })),
      links: [
        ...(bridge ? [{ type: "bridge" as const, name: "pods0", mtu: bridge.mtu, mac: bridge.mac }] : []),
        ...(tunnel ? [tunnelOf(tunnel, address)] : []),
        ...(flat ? [{ type: "bridge" as const, name: "flat0", macFrom: "eth0" }] : []),
      ],
      uplinks: flat ? [{ device: "eth0", bridge: "flat0" }] : [],
      addresses: bridge ? [{ device: "pods0", address: `10.244.${bridge.subnet}.1/24` }] : [],
      routes: routes ? [{ to: `10.244.${routes.first}.0/24`, via: gateway, count: 1 }, ...many(routes, gateway)] : [],
      rules: rule ? [{ priority: 1000 + rule, from: "10.244.0.0/16", table: 100 + rule }] : [],
      nftables: table
        ? [
            {
              family: "inet",
              table: "podnet-test",
              ruleset: `chain c { type filter hook input priority 0; ${table}; }`,
            },
          ]
        : [],
      units: seconds ? [slowUnit(seconds)] : [],
    }),
);

function tunnelOf({ vni, mac: hardware, peers }: { vni: number; mac: string; peers: number }, local: string) {
  const run = [{ address: "198.19.255.1", count: peers }];
  return { type: "vxlan" as const, name: "tunnel0", vni, mac: hardware, local, peers: run };
}

function many({ first, count }: { first: number; count: number }, via: string) {
  return Array.from({ length: count }, (_, index) => ({ to: `10.245.${first + index}.0/24`, via }));
}

/** A unit that takes its time to start: faults in the middle of the steps meet it. */
function slowUnit(seconds: string) {
  const content = `[Service]\nType=oneshot\nRemainAfterExit=yes\nExecStart=/bin/sleep ${seconds}\n`;
  return { name: "podnet-slow.service", content, enabled: false };
}

/** What keeps everybody out, on top of a state. */
export const cuts: Record<string, (state: NodeStateInput, place: Place) => NodeStateInput> = {
  "no cut": (state) => state,
  "a wrong gateway": (state, { nobody }) => ({
    ...state,
    uplinks: [],
    links: (state.links ?? []).filter(({ name }) => name !== "flat0"),
    routes: [...(state.routes ?? []), { to: "default", via: nobody }],
  }),
  "SSH filtered": (state) => ({
    ...state,
    nftables: [
      {
        family: "inet",
        table: "podnet-test",
        ruleset: "chain c { type filter hook input priority 0; tcp dport 22 drop; }",
      },
    ],
  }),
  "the NIC in a bridge that leads nowhere": (state) => ({
    ...state,
    uplinks: [],
    links: [
      ...(state.links ?? []).filter(({ name }) => name !== "flat0"),
      { type: "bridge", name: "nowhere0" },
      { type: "device", name: "eth0", master: "nowhere0" },
    ],
  }),
  "the NIC down": (state) => ({
    ...state,
    uplinks: [],
    links: [...(state.links ?? []).filter(({ name }) => name !== "flat0"), { type: "device", name: "eth0", up: false }],
  }),
};

/** What a second run wants that comes in between, with something in it that waits for a confirmation. */
export function rival(owner: string): NodeStateInput {
  return {
    files: [{ path: `/etc/podnet-rival/${owner}`, content: "rival\n" }],
    rules: [{ priority: 2000, from: "10.250.0.0/16", table: 200 }],
  };
}
