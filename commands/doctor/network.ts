import type { DoctorFacts } from "./facts";
import { blocking, type ExpectedNode, type Finding, note, warning } from "./finding";

/** The NIC and what the kernel does with packets between devices. */
export function networkFindings(facts: DoctorFacts, node: ExpectedNode): Finding[] {
  return [...nic(facts, node), ...forwarding(facts), ...advertised(facts), ...pendingChange(facts), ...plugins(facts)];
}

function nic({ links }: DoctorFacts, { nic, addresses, mtu }: ExpectedNode): Finding[] {
  if (!links) return [];
  const found: Finding[] = [];
  const named = links.find((link) => link.name === nic);
  if (nic !== undefined && !named) {
    const known = links.map((link) => link.name).filter((name) => name !== "lo");
    return [blocking(`the NIC ${nic} is not there`, `correct nic in the inventory; the node has ${known.join(", ")}`)];
  }
  for (const address of addresses) {
    const holder = links.find((link) => link.addresses.includes(address));
    if (!holder)
      found.push(
        blocking(
          `no device has the address ${address}`,
          "correct addresses in the inventory, or give the node this address",
        ),
      );
    // A NIC that is a port of a bridge has handed its addresses to the bridge.
    else if (nic !== undefined && holder.name !== nic && named?.master !== holder.name)
      found.push(
        warning(
          `${address} is on ${holder.name}, not on ${nic}`,
          `set nic: ${holder.name} in the inventory, or correct addresses`,
        ),
      );
  }
  const carrier = named ?? links.find((link) => link.addresses.some((address) => addresses.includes(address)));
  if (carrier && mtu !== undefined && carrier.mtu < mtu)
    found.push(
      blocking(
        `${carrier.name} carries ${carrier.mtu} bytes, the inventory says ${mtu}`,
        `set mtu: ${carrier.mtu} for this node, or raise the NIC's`,
      ),
    );
  if (carrier && carrier.state === "DOWN")
    found.push(blocking(`${carrier.name} is down`, `ip link set ${carrier.name} up, or check the cable`));
  return found;
}

function forwarding({ sysctls, strictDevices }: DoctorFacts): Finding[] {
  const found: Finding[] = [];
  const off = ["net/ipv4/ip_forward", "net/ipv6/conf/all/forwarding"].filter((name) => sysctls.get(name) === "0");
  if (off.length > 0) {
    const names = off.map((name) => name.replaceAll("/", ".")).join(" and ");
    found.push(note(`${names} off`, "nothing: podnet turns forwarding on where a network needs it"));
  }
  const strict = strictDevices.filter((device) => !["default", "lo"].includes(device));
  if (sysctls.get("net/ipv4/conf/all/rp_filter") === "1" || strict.length > 0) {
    const where = sysctls.get("net/ipv4/conf/all/rp_filter") === "1" ? "all devices" : strict.slice(0, 5).join(", ");
    found.push(
      note(
        `strict reverse path filtering (rp_filter 1) on ${where}`,
        "set rp_filter to 2 where packets come in by another NIC than answers leave by",
      ),
    );
  }
  return found;
}

/** The kernel takes no advertisements on a router, which a node with IPv6 pods is, unless accept_ra is 2. */
function advertised({ advertised }: DoctorFacts): Finding[] {
  const lost = [...advertised].filter(([, accept]) => accept === "1").map(([device]) => device);
  if (lost.length === 0) return [];
  const names = lost.join(", ");
  return [
    warning(
      `the IPv6 default route of ${names} comes from router advertisements, and is lost when IPv6 forwarding is on (accept_ra 1)`,
      `set routerAdvertisements on a network with IPv6, and nic in the inventory; or accept_ra to 2 for ${names}`,
    ),
  ];
}

function pendingChange({ pending, clock }: DoctorFacts): Finding[] {
  if (!pending) return [];
  const { owner, secondsLeft, rebooted, confirmed } = pending;
  if (confirmed)
    return [
      blocking(
        `a change of ${owner} is confirmed, and is not written down yet`,
        "see whether its disk is full or read-only; the next run completes it, or sh /var/lib/podnet/pending/undo.sh asked on the node",
      ),
    ];
  if (rebooted)
    return [
      blocking(
        `a change of ${owner} was pending when the node restarted, and is not undone`,
        "run /var/lib/podnet/boot.sh on the node, or systemctl restart podnet.service",
      ),
    ];
  if (secondsLeft > 0)
    return [
      blocking(
        `a change of ${owner} is pending, the node undoes it in ${secondsLeft} s (${timeOf(clock + secondsLeft)} by its clock)`,
        "wait until it is confirmed or undone",
      ),
    ];
  return [
    blocking(
      `a change of ${owner} is pending ${-secondsLeft} s after its deadline`,
      "run sh /var/lib/podnet/pending/undo.sh asked on the node",
    ),
  ];
}

function timeOf(clock: number): string {
  return Number.isFinite(clock) && clock < 1e11
    ? `${new Date(clock * 1000).toISOString().slice(11, 19)} UTC`
    : "unknown";
}

function plugins({ plugin, cniConfigurations }: DoctorFacts): Finding[] {
  const found: Finding[] = [];
  if (!plugin)
    found.push(note("no CNI bridge plugin", "install the CNI plugins, or let the network bring them as artifacts"));
  else if (!plugin.protocols.includes("1.0.0"))
    found.push(
      warning(
        `the CNI bridge plugin ${plugin.version} speaks no CNI 1.0.0`,
        "install containernetworking/plugins 1.0.0 or newer",
      ),
    );
  if (cniConfigurations.length > 1)
    found.push(
      warning(
        `several CNI configurations: ${cniConfigurations.join(", ")}`,
        `container runtimes take the first, ${cniConfigurations[0]}; remove the others`,
      ),
    );
  return found;
}
