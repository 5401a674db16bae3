import type { Problem } from "../addresses/problem";
import { nameProblems } from "../network-nodes/name";
import { placeProblems } from "./check-places";
import { portProblems } from "./check-ports";
import { tunnelProblems } from "./check-tunnels";
import { complete, type OpenVSwitchSettings, portsOn } from "./complete";
import { bridgesOn } from "./rows";
import type { ParsedSettings } from "./settings";

/** What is wrong with settings beyond the single field. */
export function settingsProblems(name: string, parsed: ParsedSettings): Problem[] {
  const settings = complete(name, parsed);
  return [
    ...nameProblems(name),
    ...nodeNameProblems(settings),
    ...uplinkProblems(settings),
    ...deviceProblems(settings),
    ...placeProblems(settings),
    ...portProblems(settings),
    ...tunnelProblems(settings),
    ...targetProblems(settings),
  ];
}

/** What is likely to go wrong, and is the user's to judge. */
export function settingsWarnings({ nodes, managers, bridges }: OpenVSwitchSettings): string[] {
  const open = managers.filter((target) => /^ptcp:/.test(target) && !/:(127\.|\[::1\])/.test(target));
  const silent = Object.entries(bridges).filter(
    ([, { failMode, controllers }]) => failMode === "secure" && !controllers,
  );
  const apart = Object.entries(bridges).flatMap(([name, { ports, tunnels }]) =>
    Object.values(tunnels).some(({ topology }) => topology === "mesh")
      ? Object.keys(ports).flatMap((port) => (ports[port]?.protected ? [`bridges.${name}.ports.${port}`] : []))
      : [],
  );
  return [
    ...nodes.warnings,
    ...apart.map(
      (path) =>
        `${path}: it is protected, as a mesh's tunnels are, and reaches nobody by them; say topology: "star" with a hub for that`,
    ),
    ...open.map(
      (target) =>
        `managers ${target}: whoever reaches this port of a node may rewrite all of Open vSwitch; say pssl, or an address of the node itself`,
    ),
    ...silent.map(
      ([name]) =>
        `bridges.${name}: failMode is secure and no controller is named: it forwards only what somebody's flows say`,
    ),
  ];
}

/** Every place that names nodes names nodes that there are. */
function nodeNameProblems(settings: OpenVSwitchSettings): Problem[] {
  const names = settings.nodes.nodes.map(({ name }) => name);
  const named = Object.entries(settings.bridges).flatMap(([bridge, one]) => {
    const path = `bridges.${bridge}`;
    return [
      { path: `${path}.nodes`, list: one.nodes ?? [] },
      { path: `${path}.addresses`, list: Object.keys(one.addresses) },
      ...Object.entries(one.mirrors).map(([mirror, { nodes }]) => ({
        path: `${path}.mirrors.${mirror}.nodes`,
        list: nodes ?? [],
      })),
      ...Object.entries(one.ports).flatMap(([port, told]) => [
        { path: `${path}.ports.${port}.nodes`, list: told.nodes ?? [] },
        { path: `${path}.ports.${port}.addresses`, list: told.type === "internal" ? Object.keys(told.addresses) : [] },
        { path: `${path}.ports.${port}.cfm.mpid`, list: Object.keys(told.cfm?.mpid ?? {}) },
      ]),
      ...Object.entries(one.tunnels).flatMap(([group, told]) => [
        { path: `${path}.tunnels.${group}.hub`, list: told.hub ? [told.hub] : [] },
        { path: `${path}.tunnels.${group}.endpoints`, list: Object.keys(told.endpoints) },
        { path: `${path}.tunnels.${group}.cfm.mpid`, list: Object.keys(told.cfm?.mpid ?? {}) },
      ]),
    ];
  });
  return named.flatMap(({ path, list }) =>
    list
      .filter((name) => !names.includes(name))
      .map((name) => ({ path, value: name, rule: `there is no node ${name}`, fix: `nodes are: ${names.join(", ")}` })),
  );
}

/** A node has one NIC that moves, and it must be named. */
function uplinkProblems(settings: OpenVSwitchSettings): Problem[] {
  return settings.nodes.nodes.flatMap((node) => {
    const taking = bridgesOn(settings, node).filter(([, { uplink }]) => uplink);
    const [first, second] = taking.map(([name]) => name);
    const path = `nodes.${node.name}.nic`;
    const unnamed = first !== undefined && node.nic === undefined;
    return [
      ...(unnamed
        ? [{ path, rule: `the NIC of ${node.name} that moves into ${first} is not named`, fix: `say ${path}` }]
        : []),
      ...(second
        ? [
            {
              path: `bridges.${second}.uplink`,
              rule: `${first} and ${second} both take the NIC of ${node.name}`,
              fix: "leave uplink out of one of them, and join them by patch ports",
            },
          ]
        : []),
    ];
  });
}

/** A device is once on a node. */
function deviceProblems(settings: OpenVSwitchSettings): Problem[] {
  return settings.nodes.nodes.flatMap((node) => {
    const seen = new Map<string, string>();
    const places = bridgesOn(settings, node).flatMap(([name, bridge]) => [
      { device: name, path: `bridges.${name}` },
      ...(bridge.uplink && node.nic ? [{ device: node.nic, path: `bridges.${name}.uplink` }] : []),
      ...portsOn(bridge, node).flatMap(([port, told]) => [
        { device: port, path: `bridges.${name}.ports.${port}` },
        ...(told.type === "bond"
          ? told.interfaces.map((device) => ({ device, path: `bridges.${name}.ports.${port}.interfaces` }))
          : []),
      ]),
    ]);
    return places.flatMap(({ device, path }) => {
      const before = seen.get(device);
      seen.set(device, before ?? path);
      if (before === undefined) return [];
      const rule = `${device} is on ${node.name} twice: here and at ${before}`;
      return [{ path, value: device, rule, fix: "an interface is in one port of one bridge" }];
    });
  });
}

const target = /^p?(tcp|ssl|unix):[\w.:[\]/-]+$/;

/** Who may tell Open vSwitch what to do. */
function targetProblems({ bridges, managers, ssl }: OpenVSwitchSettings): Problem[] {
  const all = [
    ...managers.map((value) => ({ path: "managers", value })),
    ...Object.entries(bridges).flatMap(([name, { controllers }]) =>
      (controllers?.targets ?? []).map((value) => ({ path: `bridges.${name}.controllers.targets`, value })),
    ),
  ];
  return all.flatMap(({ path, value }) => [
    ...(target.test(value)
      ? []
      : [
          {
            path,
            value,
            rule: "a target is METHOD:ADDRESS:PORT",
            fix: 'say "tcp:192.0.2.9:6653" or "ssl:192.0.2.9:6653"',
          },
        ]),
    ...(/^p?ssl:/.test(value) && !ssl
      ? [
          {
            path,
            value,
            rule: "it speaks TLS, and no keys are named",
            fix: "say ssl: { privateKey, certificate, caCertificate }",
          },
        ]
      : []),
  ]);
}
