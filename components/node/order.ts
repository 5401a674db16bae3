import { kindNames, type Step } from "./item";
import { isMade } from "./kinds/link";
import { holdsUp } from "./kinds/route";
import { rowOf, tableNames } from "./ovsdb/tables";

/**
 * The order of work: what is made anew goes away first; then everything is made or changed, kind by kind; then what
 * is no longer wanted goes, in the reverse order. The same rule orders an undo, so that a default gateway is never
 * set before the address that reaches it. An address that moves leaves its device before any route is set, and
 * after those through it that go: the kernel takes all routes through a device with its last address. A route that is in
 * the way of one that is set goes before it, too. IPv6 of a device ends after that, and comes back before an address does.
 */
export function order(steps: Step[]): Step[] {
  const rising = (left: Step, right: Step) => rank(left) - rank(right) || within(left) - within(right);
  const moves = movesOf(steps);
  const left = new Set(moves.map(({ key }) => key.split(" ")[0]));
  const bound = steps.filter(({ kind, to }) => kind === "route" && to?.onlink === true);
  const before = steps.filter(
    (step) =>
      step.kind === "route" &&
      step.to === null &&
      (left.has(String(step.from?.device)) || bound.some((set) => holdsUp(step, set))),
  );
  const given = interfacesGiven(steps);
  const early = new Set([...before, ...moves, ...steps.filter((step) => givesUp(step, given))]);
  const removals = steps.filter((step) => step.to === null && !early.has(step));
  const ending = steps.filter((step) => endsIpv6(step));
  const sets = steps.filter((step) => step.to !== null && !endsIpv6(step)).sort(rising);
  const addressed = sets.filter((step) => rank(step) <= kindNames.indexOf("address")).length;
  return [
    ...steps.filter((step) => givesUp(step, given)),
    ...removals.filter((step) => step.recreate).sort((left, right) => rising(right, left)),
    ...sets.slice(0, addressed),
    ...before,
    ...moves,
    ...ending,
    ...sets.slice(addressed),
    // Last made first, also among equals: with a primary address the kernel may take its secondary ones.
    ...removals
      .filter((step) => !step.recreate)
      .reverse()
      .sort((left, right) => rising(right, left)),
  ];
}

/** Interfaces that ports of Open vSwitch get: an interface is in one port, and leaves the other one before. */
function interfacesGiven(steps: Step[]): Set<string> {
  const ports = steps.filter(({ kind, key, to }) => kind === "openvswitch" && key.startsWith("port ") && to !== null);
  return new Set(ports.flatMap(({ to }) => to?.interfaces as string[]));
}

function givesUp({ kind, key, from, to }: Step, given: Set<string>): boolean {
  if (kind !== "openvswitch" || !key.startsWith("port ") || to !== null) return false;
  return ((from?.interfaces ?? []) as string[]).some((one) => given.has(one));
}

/** What is set of devices that podnet did not make comes after Open vSwitch, which makes some of them. */
function rank({ kind, from, to }: Step): number {
  const after = kind === "link" && !isMade(to ?? from);
  return after ? kindNames.indexOf("openvswitch") + 0.5 : kindNames.indexOf(kind);
}

function endsIpv6({ kind, key, to }: Step): boolean {
  return kind === "sysctl" && key.endsWith("/disable_ipv6") && to?.value === "1";
}

/** Removals of addresses that other devices get. */
export function movesOf(steps: Step[]): Step[] {
  const addressOf = ({ key }: Step) => key.split(" ")[1];
  const addresses = steps.filter(({ kind }) => kind === "address");
  const given = new Set(addresses.filter(({ to }) => to !== null).map(addressOf));
  return addresses.filter((step) => step.to === null && !step.recreate && given.has(addressOf(step))).reverse();
}

/** Within a kind: parents before children, bridges before their ports, connected routes before those through them. */
function within(step: Step): number {
  const value = step.to ?? step.from;
  if (step.kind === "openvswitch") return tableNames.indexOf(rowOf(step.key)[0]);
  if (step.kind === "directory") return step.key.length;
  if (step.kind === "link") return value?.master ? 2 : value?.type === "bridge" ? 0 : 1;
  // The kernel sets accept_redirects when forwarding is switched: what is wanted of it is written afterwards.
  if (step.kind === "sysctl") return step.key === "net/ipv4/ip_forward" ? 0 : 1;
  if (step.kind === "route") return value?.via ? (step.key.includes("/0 ") ? 2 : 1) : 0;
  return 0;
}
