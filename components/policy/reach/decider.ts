import type { Direction } from "./rule";

/** What decided over a connection in one direction. */
export interface Decider {
  direction: Direction;
  allow: boolean;
  /** "NetworkPolicy shop/deny-all"; absent where no policy decided. */
  policy?: string;
  /** The rule's place in the policy's list, from 0. */
  rule?: number;
  ruleName?: string;
  /** The policies that select the endpoint, where none of their rules took the connection. */
  isolatedBy?: readonly string[];
  /** Rules that passed it on before. */
  passedBy?: readonly string[];
  /** Why nothing was asked. */
  because?: string;
}

/** "NetworkPolicy shop/allow-web, ingress rule 0". */
export function deciderWords({ direction, policy, rule, ruleName, isolatedBy, passedBy, because }: Decider): string {
  const passed = passedBy && passedBy.length > 0 ? ` (after ${passedBy.join(", ")} passed it on)` : "";
  if (policy !== undefined)
    return `${policy}, ${direction} rule ${rule}${ruleName === undefined ? "" : ` "${ruleName}"`}${passed}`;
  if (isolatedBy) return `no ${direction} rule of ${listed(isolatedBy)}${passed}`;
  return `${because ?? `no policy selects it for ${direction}`}${passed}`;
}

const namesShown = 3;

function listed(names: readonly string[]): string {
  const more = names.length - namesShown;
  return more > 0 ? `${names.slice(0, namesShown).join(", ")} and ${more} more` : names.join(", ");
}
