import { createHash } from "node:crypto";
import type { HopRun } from "../components/addresses/runs";
import { quote } from "../components/node/quote";
import { bridge, bridgeAddress, filesOf, nic, type PlacedNode, protocol, routesOf, sysctls } from "./network";

const procPath = (name: string) => `/proc/sys/${name.replaceAll(".", "/")}`;
const paths = (node: PlacedNode) => filesOf(node).map(({ path }) => path);

export function routeLine({ to, via }: { to: string; via: string }): string {
  return `route replace ${to} via ${via} dev ${nic} proto ${protocol}`;
}

/** Makes the whole end state, and nothing else: no look at what is there, no way back. */
export function applyScript(node: PlacedNode, runs: readonly HopRun[]): string {
  return [
    "set -e; umask 022",
    ...filesOf(node).map(({ path, content }) => `printf %s ${quote(content)} > ${path}`),
    ...Object.entries(sysctls).map(([name, value]) => `echo ${value} > ${procPath(name)}`),
    "ip -batch - <<'END'",
    `link add name ${bridge} type bridge stp_state 0 forward_delay 0`,
    `link set dev ${bridge} up`,
    `address replace ${bridgeAddress(node)} dev ${bridge}`,
    ...routesOf(node, runs).map(routeLine),
    "END",
    "",
  ].join("\n");
}

export function addRouteScript(joined: PlacedNode): string {
  return `set -e\nip ${routeLine({ to: joined.subnet, via: joined.address })}\n`;
}

/** Prints all that the end state consists of. */
export function readScript(node: PlacedNode): string {
  return [
    `sha256sum ${paths(node).join(" ")}`,
    `for key in ${Object.keys(sysctls).map(procPath).join(" ")}; do echo "$key $(cat $key)"; done`,
    "ip -j -d link show; ip -j address show; ip -j -4 route show table all",
    "",
  ].join("\n");
}

/** Prints the end state, a line a thing, in words that do not depend on who made it. */
export function endStateScript(node: PlacedNode): string {
  return [
    `sha256sum ${paths(node).join(" ")} 2>&1`,
    `for key in ${Object.keys(sysctls).map(procPath).join(" ")}; do echo "$key $(cat $key)"; done`,
    `cat /sys/class/net/${bridge}/bridge/stp_state /sys/class/net/${bridge}/bridge/forward_delay 2>&1`,
    `ip -4 -o address show dev ${bridge} 2>&1 | sed -E 's/.* inet ([^ ]+) .*/\\1/'`,
    `ip -4 route show proto ${protocol} | sed 's/ *$//' | sort`,
    "",
  ].join("\n");
}

/** What that script has to print. */
export function expectedEndState(node: PlacedNode, runs: readonly HopRun[]): string {
  const sum = (text: string) => createHash("sha256").update(text).digest("hex");
  return [
    ...filesOf(node).map(({ path, content }) => `${sum(content)}  ${path}`),
    ...Object.entries(sysctls).map(([name, value]) => `${procPath(name)} ${value}`),
    "0",
    "0",
    bridgeAddress(node),
    ...routesOf(node, runs)
      .map(({ to, via }) => `${to} via ${via} dev ${nic}`)
      .sort(),
    "",
  ].join("\n");
}

/** Puts a node back to what it was, whichever tool changed it. */
export function resetScript(node: PlacedNode): string {
  return [
    `rm -rf /var/lib/podnet /run/podnet /root/.ansible ${paths(node).join(" ")}`,
    `ip link delete dev ${bridge} 2>/dev/null`,
    `ip -4 route flush proto ${protocol}`,
    ...Object.keys(sysctls).map((name) => `echo 0 > ${procPath(name)}`),
    `[ -z "$(ip -4 route show proto ${protocol})" ]`,
    "",
  ].join("\n");
}
