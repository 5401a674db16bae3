import { quote } from "../quote";
import { type Kind, sh } from "./kind";

/** A sysctl's place under /proc/sys. Names with slashes are taken as they are (device names may hold dots). */
function sysctlPath(name: string): string {
  return name.includes("/") ? name : name.replaceAll(".", "/");
}

/** The kernel separates several numbers by tabs, and people by spaces. */
function asPrinted(value: string): string {
  return value.trim().replaceAll(/\s+/g, " ");
}

/** Switching forwarding sets accept_redirects, too, and back to what nobody may have asked for. */
export const forwarding = "net/ipv4/ip_forward";
export const acceptRedirects = "net/ipv4/conf/all/accept_redirects";

/** Kernel parameters, live. They are always there: what they were is put back on delete. */
export const sysctl: Kind = {
  items: (state) =>
    Object.entries(state.sysctls).map(([name, value]) => ({
      kind: "sysctl",
      key: sysctlPath(name),
      value: { value: asPrinted(value) },
      shared: true,
    })),
  ask(key, questions) {
    questions.sysctls.push(key);
    if (key === forwarding) questions.sysctls.push(acceptRedirects);
  },
  observe(facts, key) {
    const value = facts.sysctls.get(key);
    return value === undefined ? null : { value: asPrinted(value) };
  },
  render: ({ key, to }) => (to ? [sh(`printf '%s\\n' ${quote(String(to.value))} > ${quote(`/proc/sys/${key}`)}`)] : []),
  danger: ({ key }) =>
    /forward|rp_filter|disable_ipv6|arp_/.test(key) ? "it decides which packets are taken" : undefined,
};
