import type { KubernetesObject } from "../../../../components/policy/reach/world";
import { type Changed, type Packet, policy } from "./matrix";

/** What a policy does, the policies, which packets pass, and what else is changed before. */
export type Case = [
  behaviour: string,
  policies: KubernetesObject[],
  wanted: (packet: Packet) => boolean,
  change?: (world: Changed) => void,
];

export const ns = (name: string) => name[0] as string;
export const all = {};
export const pod = (name: string) => ({ matchLabels: { pod: name } });
export const space = (name: string) => ({ matchLabels: { ns: name } });
export const one = (key: string, operator: string, ...values: string[]) => ({
  matchExpressions: [{ key, operator, ...(values.length > 0 && { values }) }],
});
export const ingress = (spec: object) => ({ policyTypes: ["Ingress"], ...spec });
export const egress = (spec: object) => ({ policyTypes: ["Egress"], ...spec });
export const only = (podSelector: object, ...from: object[]) => ingress({ podSelector, ingress: [{ from }] });
export const onPort = (...ports: object[]) => policy("x/p", ingress({ podSelector: pod("a"), ingress: [{ ports }] }));
const toA = ({ to }: Packet) => to === "x/a";
export const tcp = (port: number) => (packet: Packet) => packet.protocol === "TCP" && packet.port === port;
export const intoA = (allowed: (packet: Packet) => boolean) => (packet: Packet) => !toA(packet) || allowed(packet);
export const outOfA = (allowed: (packet: Packet) => boolean) => (packet: Packet) =>
  packet.from !== "x/a" || allowed(packet);
export const denyX = policy("x/deny", { podSelector: all, policyTypes: ["Ingress", "Egress"] });
