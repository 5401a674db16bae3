import { asPrinted } from "./address";
import { ip, ip6, type Kind } from "./kind";

/** Policy routing rules. The key is "family priority". */
export const rule: Kind = {
  items: (state) =>
    state.rules.map(({ family, priority, from, to, fwmark, table }) => ({
      kind: "rule",
      key: `${family} ${priority}`,
      value: { from: selector(from), to: selector(to), fwmark: mark(fwmark), table, unsupported: [] },
    })),
  ask: () => undefined,
  observe(facts, key) {
    const found = facts.rules.find((entry) => `${entry.family} ${entry.priority}` === key);
    if (!found) return null;
    const { from, to, fwmark, table, unsupported } = found;
    return { from, to, fwmark, table, unsupported };
  },
  render({ key, from, to }) {
    const [family, priority] = key.split(" ");
    const words = (value: NonNullable<typeof to>) =>
      [
        `priority ${priority}`,
        value.from ? `from ${value.from}` : "from all",
        value.to ? `to ${value.to}` : "",
        value.fwmark ? `fwmark ${value.fwmark}` : "",
        `table ${value.table}`,
      ]
        .filter(Boolean)
        .join(" ");
    const tool = family === "ipv6" ? ip6 : ip;
    return [...(from ? [tool(`rule delete ${words(from)}`)] : []), ...(to ? [tool(`rule add ${words(to)}`)] : [])];
  },
  irreversible: ({ key, from }) =>
    Array.isArray(from?.unsupported) && from.unsupported.length > 0
      ? `the rule ${key} has attributes podnet cannot write again: ${from.unsupported.join(", ")}`
      : undefined,
  danger: () => "rules decide which routes every packet takes",
};

/** A network of everybody selects nobody, and is not printed. */
function selector(network: string | undefined): string | null {
  return network === undefined || network.endsWith("/0") ? null : asPrinted(network);
}

/** As iproute2 prints it: in hexadecimal, without a mask of all bits, and not at all when it is 0 of them. */
function mark(text: string | undefined): string | null {
  if (text === undefined) return null;
  const [value = 0, mask = allBits] = text.split("/").map(Number);
  const printed = (number: number) => (number === 0 ? "0" : `0x${number.toString(16)}`);
  if (mask === allBits) return value === 0 ? null : printed(value);
  return `${printed(value)}/${printed(mask)}`;
}

const allBits = 0xffffffff;
