import type { Attributes } from "../item";
import { quote } from "../quote";
import { removeFile, replaceFile, sha256 } from "./file";
import { type Kind, type Operation, sh } from "./kind";

/** Units without which a node is not reached, or is by everybody, as distributions name them. */
const runners = [
  // Logins.
  /^(ssh|dropbear|tailscaled|teleport)/,
  // Links, addresses and leases.
  /^(network|systemd-networkd|NetworkManager|netplan|ifup|connman|wicked|dhc(p|lient)|udhcpc|iwd|wpa_supplicant|hostapd)/,
  /^(openvswitch|ovs-|ovsdb|teamd|cloud-init|lldpd|keepalived)/,
  // Tunnels that a node may be reached by.
  /^(wg-quick|openvpn|strongswan|ipsec|nebula|zerotier)/,
  // Routes.
  /^(bird|frr|zebra|quagga|bgpd|ospfd|gobgp|exabgp)/,
  // Packet filters.
  /^(nftables|ip6?tables|ebtables|arptables|ipset|netfilter-persistent|firewalld|ufw|shorewall|ferm)/,
];

/** systemd units: the unit file when it is ours, and whether it is enabled and running. */
export const unit: Kind = {
  items: (state) =>
    state.units.map(({ name, content, enabled, active }) => ({
      kind: "unit",
      key: name,
      value: { enabled, active, ...(content === undefined ? {} : { sha256: sha256(content) }) },
      shared: content === undefined,
    })),
  ask(key, questions) {
    questions.units.push(key);
    questions.paths.push(unitPath(key));
  },
  observe(facts, key, wanted) {
    const found = facts.units.get(key);
    const file = facts.paths.get(unitPath(key));
    if (!file && !found?.known) return isOff(wanted) ? wanted : null;
    return {
      enabled: found?.enabled ?? false,
      active: found?.active ?? false,
      // Nothing of ours, or anybody's, over the distribution's own unit.
      sha256: file?.sha256 ?? null,
      ...(file && file.type !== "file" ? { type: file.type } : {}),
    };
  },
  render({ key, from, to }, context) {
    const name = quote(key);
    const [path, reload] = [unitPath(key), sh("systemctl daemon-reload")];
    if (!to)
      return [
        sh(`systemctl disable --now ${name} 2>/dev/null; true`),
        ...(from?.sha256 ? [removeFile(path), reload] : []),
      ];
    // A unit that was only switched has its file from somebody else.
    const isWritten = Boolean(to.sha256) && to.sha256 !== from?.sha256 && !(from && from.sha256 === undefined);
    const isRemoved = to.sha256 === null && Boolean(from?.sha256);
    const operations: Operation[] = [];
    if (isWritten)
      operations.push(replaceFile(path, { sha256: to.sha256 ?? null, mode: "0644", uid: 0, gid: 0 }, context), reload);
    // Its [Install] section says what enabling it made: that goes before it does.
    const wasEnabled = isRemoved ? false : (from?.enabled ?? false);
    if (isRemoved)
      operations.push(
        sh(`systemctl disable ${to.active ? "" : "--now "}${name} 2>/dev/null; true`),
        removeFile(path),
        reload,
      );
    if (to.enabled !== wasEnabled) operations.push(sh(`systemctl ${to.enabled ? "enable" : "disable"} ${name}`));
    if (!to.active && from?.active && !isRemoved) operations.push(sh(`systemctl stop ${name}`));
    if (to.active && (isWritten || isRemoved || !from?.active)) operations.push(sh(`systemctl restart ${name}`));
    return operations;
  },
  irreversible: ({ key, from, to }) =>
    from?.type !== undefined && (to?.sha256 !== undefined || to?.enabled !== from.enabled)
      ? `${unitPath(key)} is not a plain file (a masked or linked unit)`
      : undefined,
  danger: ({ key }) => (runners.some((pattern) => pattern.test(key)) ? "the unit runs the network" : undefined),
};

/** A unit that is not there is as good as one that is switched off. */
function isOff(wanted: Attributes | null | undefined): wanted is Attributes {
  return wanted?.enabled === false && wanted.active === false && !wanted.sha256;
}

export function unitPath(name: string): string {
  return `/etc/systemd/system/${name}`;
}
