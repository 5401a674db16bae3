import { Cidr, IpAddress } from "../../addresses/cidr";
import type { Facts } from "../facts";
import type { Step } from "../item";
import { ip, type Kind } from "./kind";

/** Addresses of devices. The key is "device address/prefix". */
export const address: Kind = {
  items: (state) =>
    state.addresses.map(({ device, address }) => ({
      kind: "address",
      key: `${device} ${asPrinted(address)}`,
      value: {},
    })),
  ask: () => undefined,
  observe(facts, key) {
    const found = facts.addresses.find((entry) => `${entry.device} ${entry.address}` === key);
    return found ? { scope: found.scope, broadcast: found.broadcast } : null;
  },
  render({ key, to }) {
    const [device, value] = key.split(" ");
    // A moved IPv6 address would fail duplicate detection against itself.
    const nodad = value?.includes(":") ? " nodad" : "";
    if (!to) return [ip(`address delete ${value} dev ${device}`)];
    const scope = to.scope && to.scope !== "global" ? ` scope ${to.scope}` : "";
    const broadcast = to.broadcast ? ` broadcast ${to.broadcast}` : "";
    return [ip(`address replace ${value}${broadcast} dev ${device}${scope}${nodad}`)];
  },
  danger: (step, facts) => (takesNothing(step, facts) ? undefined : "the device's addresses change"),
};

/** As the kernel prints it, with its prefix length. */
export function asPrinted(address: string): string {
  const [host = "", prefix] = address.split("/");
  return `${IpAddress.parse(host)}/${prefix}`;
}

/** An additional address takes nothing from anybody when its subnet is nobody's on another device. */
function takesNothing({ key, from }: Step, facts: Facts): boolean {
  const [device, address = ""] = key.split(" ");
  if (from !== null) return false;
  const subnet = Cidr.around(address);
  return facts.addresses.every((entry) => entry.device === device || !Cidr.around(entry.address).overlaps(subnet));
}
