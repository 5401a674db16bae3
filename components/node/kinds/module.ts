import { quote } from "../quote";
import { type Kind, sh } from "./kind";

/**
 * Kernel modules, loaded or built in, by the kernel's own name for them, which has no dashes. Undo unloads only what was loaded here and nothing uses; the kernel does not
 * count who uses br_netfilter, so that one stays while there is a bridge.
 */
export const module: Kind = {
  items: (state) =>
    state.modules.map((name) => ({ kind: "module", key: name.replaceAll("-", "_"), value: {}, shared: true })),
  ask: (key, questions) => questions.modules.push(key),
  observe: (facts, key) => (facts.modules.has(key) ? {} : null),
  render: (step) => [
    step.to
      ? sh(`modprobe ${quote(step.key)}`)
      : sh(`${step.key === "br_netfilter" ? noBridge : ""}modprobe -r ${quote(step.key)} 2>/dev/null || true`),
  ],
  danger: () => undefined,
};

const noBridge = `[ -z "$(ip -o link show type bridge)" ] && `;
