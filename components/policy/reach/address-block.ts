import { z } from "zod";
import { AddressError, Cidr } from "../../addresses/cidr";
import type { Endpoint } from "./endpoint";
import { bothFamilies, type Families, ipv4, ipv6 } from "./traffic";

/** A range as a policy may write it: an address with a prefix stands for the network that it is in. */
export const range = z.string().transform((text, context) => {
  try {
    return String(Cidr.around(text.includes("/") ? text : `${text}/${text.includes(":") ? 128 : 32}`));
  } catch (error) {
    if (!(error instanceof AddressError)) throw error;
    context.addIssue({ code: "custom", message: error.message });
    return z.NEVER;
  }
});

const familyOf = (family: "ipv4" | "ipv6"): Families => (family === "ipv4" ? ipv4 : ipv6);

/**
 * In which families an endpoint is inside of these ranges and outside of those. Of pods without a known address it can
 * only be said of a whole family: 0.0.0.0/0 is where they are, whatever their address. A single address that is
 * excepted is taken to be no pod's (the cloud's metadata, mostly); a wider exception may be where pods are.
 */
export function within(nets: readonly Cidr[], except: readonly Cidr[]): (endpoint: Endpoint) => Families {
  const [inside, excepted] = [nets.map(span), except.map(span)];
  return ({ addresses, families }) => {
    let found = 0;
    for (const { family, value } of addresses) {
      const holds = (one: Span) => one.family === family && one.first <= value && value <= one.last;
      if (inside.some(holds) && !excepted.some(holds)) found |= familyOf(family);
    }
    if (addresses.length > 0) return found;
    for (const { family, prefix } of nets)
      if (prefix === 0 && !except.some((net) => net.family === family && net.size > 1n)) found |= familyOf(family);
    return found & families;
  };
}

/** A range's ends, worked out once: a policy is asked about every endpoint. */
interface Span {
  family: Cidr["family"];
  first: bigint;
  last: bigint;
}

function span(net: Cidr): Span {
  return { family: net.family, first: net.base, last: net.last.value };
}

/** In which families an endpoint is outside of these ranges. */
export function outside(nets: readonly Cidr[]): (endpoint: Endpoint) => Families {
  const inside = within(nets, []);
  return (endpoint) => bothFamilies & ~inside(endpoint);
}
