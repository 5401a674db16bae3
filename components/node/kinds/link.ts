import { addressesFrom, IpAddress } from "../../addresses/cidr";
import type { LinkFact } from "../facts";
import { type Attribute, type Attributes, same } from "../item";
import type { Link } from "../state";
import { bridge, ip, type Kind, type Operation } from "./kind";

/** Links: bridges, vxlan devices, dummies and veth pairs that are made here, and NICs of which attributes are set. */
export const link: Kind = {
  items: (state) =>
    state.links.map((entry) => ({
      kind: "link",
      key: entry.name,
      value: linkValue(entry),
      shared: entry.type === "device",
    })),
  ask(key, questions, value) {
    if (value?.type === "vxlan") questions.vxlans.push(key);
  },
  observe(facts, key, wanted) {
    const found = facts.links.get(key);
    return found ? { ...observedLink(found, wanted), peers: [...(facts.floods.get(key) ?? [])].sort() } : null;
  },
  render({ key, from, to }) {
    // A device that others make goes with what made it.
    if (!to) return isMade(from) ? [ip(`link delete dev ${key}`)] : [];
    const changed = Object.entries(to).filter(([name, value]) => !same(from?.[name], value));
    const made = from === null && isMade(to) ? [ip(`link add name ${key}${creationWords(to)}`)] : [];
    return [...made, ...changed.flatMap(([name, value]) => setAttribute(key, name, value, from))];
  },
  danger({ key, from, to }, facts) {
    if (from === null) return undefined;
    if (to !== null && Object.entries(to).every(([name, value]) => name === "peers" || same(from[name], value)))
      return undefined;
    const carries = facts.addresses.some((entry) => entry.device === key && entry.scope === "global");
    const serves = [...facts.links.values()].some((other) => other.master === key);
    return carries || serves || from.type === "" ? "traffic passes this device" : undefined;
  },
};

function linkValue(entry: Link): Attributes {
  const common = { up: entry.up, ...(entry.mtu ? { mtu: entry.mtu } : {}) };
  switch (entry.type) {
    case "bridge":
      return {
        ...common,
        type: "bridge",
        stp: entry.stp,
        forwardDelay: entry.forwardDelaySeconds * 100,
        ...hardware(entry.mac),
      };
    case "vxlan": {
      const peers = entry.peers.flatMap(({ address, count }) => addressesFrom(address, count));
      const { vni, port, learning, mac } = entry;
      const local = String(IpAddress.parse(entry.local));
      return { ...common, type: "vxlan", vni, port, local, learning, ...hardware(mac), peers: peers.sort() };
    }
    case "veth":
      return { ...common, type: "veth", peer: entry.peer };
    case "dummy":
      return { ...common, type: "dummy" };
    case "device":
      return { ...common, ...(entry.master ? { master: entry.master } : {}) };
  }
}

const madeTypes = ["bridge", "vxlan", "veth", "dummy"];

/** Whether podnet makes devices of this kind; of all others only attributes are set. */
export function isMade(value: Attributes | null): boolean {
  return madeTypes.includes(String(value?.type));
}

/** As the kernel prints it. */
function hardware(mac: string | undefined): Attributes {
  return mac ? { mac: mac.toLowerCase() } : {};
}

function observedLink(found: LinkFact, wanted: Attributes | null | undefined): Attributes {
  const { type, mac, mtu, up, master, details } = found;
  const common = { type, mac, mtu, up, master };
  if (type === "bridge")
    return { ...common, stp: Number(details.stp_state) > 0, forwardDelay: Number(details.forward_delay) };
  // The other end may be in a pod's namespace, under whatever name.
  if (type === "veth") return { ...common, peer: found.peer ?? wanted?.peer ?? null };
  if (type !== "vxlan") return common;
  return {
    ...common,
    vni: Number(details.id),
    port: Number(details.port),
    local: String(details.local ?? details.local6 ?? ""),
    learning: details.learning === true,
  };
}

function creationWords(value: Attributes): string {
  const mac = value.mac ? ` address ${value.mac}` : "";
  if (value.type === "vxlan")
    return `${mac} type vxlan id ${value.vni} dstport ${value.port} local ${value.local}${value.learning ? "" : " nolearning"}`;
  if (value.type === "veth") return `${mac} type veth peer name ${value.peer}`;
  return `${mac} type ${value.type}`;
}

function setAttribute(name: string, attribute: string, value: Attribute, from: Attributes | null): Operation[] {
  switch (attribute) {
    case "mtu":
      return [ip(`link set dev ${name} mtu ${value}`)];
    case "mac":
      return from === null ? [] : [ip(`link set dev ${name} address ${value}`)]; // given at creation otherwise
    case "master":
      return [ip(`link set dev ${name} ${value === null ? "nomaster" : `master ${value}`}`)];
    case "stp":
      return [ip(`link set dev ${name} type bridge stp_state ${value ? 1 : 0}`)];
    case "forwardDelay":
      return [ip(`link set dev ${name} type bridge forward_delay ${value}`)];
    case "up":
      return [ip(`link set dev ${name} ${value ? "up" : "down"}`)];
    case "peers":
      return floodChanges(name, value as string[], (from?.peers as string[] | undefined) ?? []);
    default:
      return [];
  }
}

function floodChanges(name: string, wanted: string[], present: string[]): Operation[] {
  const entry = (verb: string, peer: string) => bridge(`fdb ${verb} 00:00:00:00:00:00 dev ${name} dst ${peer}`);
  return [
    ...wanted.filter((peer) => !present.includes(peer)).map((peer) => entry("append", peer)),
    ...present.filter((peer) => !wanted.includes(peer)).map((peer) => entry("delete", peer)),
  ];
}

/** What the kernel fixes when a device is made: another value needs another device. */
const fixedAttributes = ["type", "vni", "port", "local", "peer", "learning"];

/** What is not as wanted and cannot be changed: the device must be made anew. */
export function needsAnew(observed: Attributes, wanted: Attributes): string[] {
  return fixedAttributes.filter(
    (name) => name in wanted && name in observed && !same(observed[name], wanted[name] ?? null),
  );
}
