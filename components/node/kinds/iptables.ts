import { quote } from "../quote";
import { type Kind, sh } from "./kind";

/** Rules at the head of chains that others own. The key is "family table chain" and the rule's words as JSON. */
export const iptables: Kind = {
  items: (state) =>
    state.iptables.map(({ family, table, chain, rule }) => ({
      kind: "iptables",
      key: JSON.stringify([family, table, chain, ...rule]),
      value: {},
    })),
  ask: (key, questions) => questions.iptables.push(JSON.parse(key)),
  observe: (facts, key) => (facts.iptables.has((JSON.parse(key) as string[]).join(" ")) ? {} : null),
  render({ key, from, to }) {
    const [family, table, chain, ...rule] = JSON.parse(key) as [string, string, string, ...string[]];
    const program = `${family === "ipv6" ? "ip6tables" : "iptables"} -w 5 -t ${quote(table)}`;
    const words = [chain, ...rule].map(quote).join(" ");
    if (!to) return [sh(`${program} -D ${words}`), ...(from?.purge ? [sh(removeEmptyTable(family, table))] : [])];
    return [sh(`${program} -C ${words} 2>/dev/null || ${program} -I ${words}`)];
  },
  danger: ({ key }) => {
    const [, , chain, ...rule] = JSON.parse(key) as string[];
    return chain === "FORWARD" && rule.at(-1) === "ACCEPT" ? undefined : "a packet filter changes";
  },
};

/** Only an nftables table of iptables goes that holds no rule and drops nothing; legacy iptables keeps its tables. */
export function removeEmptyTable(family: string, table: string): string {
  return removeEmpty("table", `${family === "ipv6" ? "ip6" : "ip"} ${table}`);
}

/** Removes a table of iptables in nftables, or one of its chains, that holds no rule and drops nothing. */
export function removeEmpty(what: "table" | "chain", key: string): string {
  const empty =
    "^(#.*|table .*[{]|chain (PREROUTING|INPUT|FORWARD|OUTPUT|POSTROUTING) [{]|type .* policy accept;|[}])?$";
  return `nft list ${what} ${key} 2>/dev/null | sed 's/^[[:space:]]*//' | grep -Evq ${quote(empty)} || nft delete ${what} ${key} 2>/dev/null || true`;
}
