import { felixCleaning } from "../calico/clean";
import { cleanUnit } from "../network-nodes/clean";
import { birdPaths } from "./bird";
import { type CalicoHostsSettings, encapsulates, hasPools } from "./complete";

/**
 * Takes away what Calico's daemons leave on a node, when podnet removes them: chains, sets, routes, interfaces. They are
 * ended by it, since its unit is stopped before theirs. undefined: none of them is on the node.
 *
 * @param units names of the node's units of Calico
 */
export function cleaning(settings: CalicoHostsSettings, units: readonly string[]) {
  const { name, podCidr } = settings;
  const felix = units.filter((unit) => /(calico-felix|calico-node)\.service$/.test(unit));
  const bird = units.filter((unit) => unit === `podnet-${name}-bird.service`);
  const daemons = [...felix, ...bird];
  if (daemons.length === 0) return undefined;
  const told = hasPools(settings) ? podCidr : [];
  return cleanUnit(name, [
    ...(bird.length > 0 ? withoutBirdsRoutes(settings) : []),
    ...stopped(daemons),
    ...(bird.length > 0 ? [`rm -f ${birdPaths(name).socket}`, "rmdir /run/bird 2>/dev/null"] : []),
    ...(felix.length > 0
      ? [
          "if systemctl --quiet is-active calico-felix.service; then exit 0; fi",
          ...felixCleaning({ ranges: podCidr, told, ipip: encapsulates(settings) }),
          "rm -rf /var/run/calico",
        ]
      : []),
  ]);
}

/** A unit of a package that was there before podnet's is back by then, and with it a Felix that is not podnet's. */
function stopped(units: readonly string[]): string[] {
  return [
    `for unit in ${units.join(" ")}; do`,
    `  if grep -qs '^Description=.*(podnet)$' "/etc/systemd/system/$unit"; then systemctl stop "$unit"; fi`,
    "done",
  ];
}

/**
 * Routes that BIRD learned are of virtual machines anywhere: it alone knows which are its own, and takes them away when
 * it ends without the word `persist`.
 */
function withoutBirdsRoutes({ name, programs }: CalicoHostsSettings): string[] {
  const { configuration, socket } = birdPaths(name);
  const last = `/run/bird/podnet-${name}-last.conf`;
  const birdc = programs.bird.replace(/[^/]*$/, "birdc");
  return [
    `sed '/^ *persist;$/d' ${configuration} > ${last}`,
    `${birdc} -s ${socket} configure '"${last}"' >/dev/null || echo "routes of BIRD stay" >&2`,
    `rm -f ${last}`,
  ];
}
