import type { Facts } from "./facts";
import { identity, type Step } from "./item";
import { address } from "./kinds/address";
import { observedRoute, routeKey } from "./kinds/route";
import { order } from "./order";

/**
 * The way back: every step from its end to its beginning, in an order of its own, and what goes down with a device or
 * an address without a step of its own (a NIC that is down loses its routes and its IPv6 addresses).
 *
 * @param facts not needed when no step changes a device or an address
 */
export function undo(steps: Step[], facts?: Facts): Step[] {
  const anew = new Set(steps.filter((step) => step.recreate).map(identity));
  const back = steps.map(({ recreate: _, ...step }) => ({
    ...step,
    from: step.to ?? lost(step),
    to: step.from,
    // What was made anew goes first on the way back, too, and what it was follows.
    ...(step.to !== null && anew.has(identity(step)) ? { recreate: true } : {}),
  }));
  const named = new Set(back.map(identity));
  const others = facts ? companions(steps, facts).filter((step) => !named.has(identity(step))) : [];
  return order([...back, ...others]);
}

/** A route that was to go may be there still when the change failed half-way: it is set, not added. */
function lost({ kind }: Step): Step["from"] {
  return kind === "route" ? {} : null;
}

/** Addresses and routes of the devices that a step changes, to be set again as they were. */
function companions(steps: Step[], facts: Facts): Step[] {
  const devices = new Set(
    steps
      .filter(({ kind, from }) => from !== null && (kind === "link" || kind === "address"))
      .map(({ key }) => key.split(" ")[0]),
  );
  const addresses = facts.addresses
    .filter(({ device, scope, dynamic }) => devices.has(device) && scope !== "link" && !dynamic)
    .map(({ device, address: value }): Step => {
      const key = `${device} ${value}`;
      return { kind: "address", key, from: {}, to: address.observe(facts, key) };
    });
  const routes = facts.routes
    .filter(
      ({ device, protocol }) => device !== null && devices.has(device) && protocol !== "kernel" && protocol !== "ra",
    )
    .filter(({ unsupported }) => unsupported.length === 0)
    .map((route): Step => {
      const key = routeKey(route.to, route.table, route.metric);
      return { kind: "route", key, from: {}, to: observedRoute(route) };
    });
  return [...addresses, ...routes];
}
