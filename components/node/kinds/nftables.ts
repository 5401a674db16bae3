import { type Kind, nft } from "./kind";

/**
 * Whole nftables tables that are ours alone, replaced in one transaction. nft prints a table in other words than it
 * was written in, so the hash of the listing seen after the change is kept on the node: a hand-made change shows as
 * another listing.
 */
export const nftables: Kind = {
  items: (state) =>
    state.nftables.map(({ family, table, ruleset }) => ({
      kind: "nftables",
      key: `${family} ${table}`,
      value: { ruleset: ruleset.trim() },
    })),
  ask: (key, questions) => questions.nftables.push(key),
  observe(facts, key) {
    const listing = facts.nftables.get(key);
    return listing === undefined ? null : { ruleset: listingBody(listing) };
  },
  render({ key, to }) {
    const empty = `table ${key} {}\ndelete table ${key}\n`;
    return [nft(to ? `${empty}table ${key} {\n${to.ruleset}\n}` : empty)];
  },
  danger: () => "a packet filter changes",
};

/** What stands between the braces of `nft list table`. */
function listingBody(listing: string): string {
  return listing
    .replace(/^table [^{]*\{\n?/, "")
    .replace(/\}\s*$/, "")
    .trim();
}
