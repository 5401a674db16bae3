import type { DoctorFacts } from "./facts";
import { filterFindings } from "./filters";
import { type Finding, note, warning } from "./finding";

/** Other programs that think the node's network is theirs, and what they do to a pod network. */
export function neighbourFindings(facts: DoctorFacts): Finding[] {
  return [
    ...otherNetworks(facts),
    ...networkManager(facts),
    ...networkd(facts),
    ...firewalls(facts),
    ...forwardPolicies(facts),
    ...filterFindings(facts),
  ];
}

/** Devices of flannel, Calico, Cilium, Weave Net and Antrea, by the names that they give. */
const ofNetworks =
  /^(flannel|cali[0-9a-f]{11}$|(vxlan|vxlan-v6)\.calico$|(wireguard|wg-v6)\.cali$|cilium_|weave$|antrea-gw0$)/;

/** A network that was taken away leaves devices, routes and configurations that the next one trips over. */
function otherNetworks({ links, owners }: DoctorFacts): Finding[] {
  const found = (links ?? []).map(({ name }) => name).filter((name) => ofNetworks.test(name));
  if (found.length === 0 || owners.length > 0) return [];
  const shown = found.length > 5 ? [...found.slice(0, 5), `${found.length - 5} more`] : found;
  return [
    warning(
      `devices of another pod network are there: ${shown.join(", ")}`,
      "remove that network first; where it is gone, ip link delete each of them, empty /etc/cni/net.d, and restart the node",
    ),
  ];
}

function networkManager({ services, networkManager }: DoctorFacts): Finding[] {
  if (!services.has("NetworkManager.service")) return [];
  const spared = networkManager.filter((line) => line.startsWith("unmanaged-devices"));
  if (spared.some((line) => /veth|driver:|type:bridge|interface-name/.test(line)))
    return [
      note(
        "NetworkManager runs and leaves some devices alone",
        "nothing, as long as the pod bridge and veth* are among them",
      ),
    ];
  return [
    warning(
      "NetworkManager runs and may take the pod bridge and veths, flush their addresses, or bring the NIC out of the bridge",
      "set hostManagers.networkManager on the network, or list its devices under unmanaged-devices in /etc/NetworkManager/conf.d",
    ),
  ];
}

function networkd({ services, networkd }: DoctorFacts): Finding[] {
  if (!services.has("systemd-networkd.service")) return [];
  const found: Finding[] = [];
  if (!networkd.some((line) => /^ManageForeignRoutes\s*=\s*(no|false|0)/.test(line)))
    found.push(
      warning(
        "systemd-networkd removes routes that others made when it restarts",
        "set hostManagers.networkd on the network, or ManageForeignRoutes=no in /etc/systemd/networkd.conf.d",
      ),
    );
  const greedy = networkd.filter((line) => line.endsWith(".network"));
  if (greedy.length > 0)
    found.push(
      warning(
        `${greedy.join(", ")} matches devices by a wildcard and may configure the pod bridge and veths`,
        "put a .network file with Unmanaged=yes for podnet* and veth* before it, or narrow the match",
      ),
    );
  return found;
}

function firewalls({ services }: DoctorFacts): Finding[] {
  const found: Finding[] = [];
  if (services.has("firewalld.service"))
    found.push(
      warning(
        "firewalld runs and drops forwarded pod traffic whatever other tables accept",
        "put the pod bridge and the pod CIDRs into its trusted zone, or stop firewalld on cluster nodes",
      ),
    );
  if (services.has("ufw.service") && services.has("ufw-enabled"))
    found.push(
      note("ufw is on and drops forwarded packets", "nothing: podnet accepts the pod CIDRs ahead of ufw's chains"),
    );
  return found;
}

function forwardPolicies({ services, forwardPolicy }: DoctorFacts): Finding[] {
  const dropping = [...forwardPolicy].filter(([, policy]) => policy === "DROP").map(([command]) => command);
  if (dropping.length === 0) return [];
  const who = services.has("docker.service") ? "Docker's FORWARD policy" : "the FORWARD policy";
  return [note(`${who} is DROP (${dropping.join(", ")})`, "nothing: podnet accepts the pod CIDRs first in FORWARD")];
}
