import { describe, expect, test } from "vitest";
import { nine, policy, wrong } from "./matrix";
import { type Case, egress, intoA, onPort, outOfA, pod, space, tcp } from "./words";

const cases: Case[] = [
  ["a port by number", [onPort({ port: 81 })], intoA(tcp(81))],
  ["a port by name", [onPort({ port: "serve-81-tcp" })], intoA(tcp(81))],
  ["a port whose name no container has opens nothing", [onPort({ port: "absent" })], intoA(() => false)],
  [
    "a name of another protocol's port opens nothing",
    [onPort({ port: "serve-80-udp", protocol: "TCP" })],
    intoA(() => false),
  ],
  [
    "several ports of a rule",
    [onPort({ port: 80 }, { port: "serve-81-tcp" })],
    intoA(({ protocol }) => protocol === "TCP"),
  ],
  [
    "UDP and not TCP",
    [onPort({ port: 80, protocol: "UDP" })],
    intoA(({ protocol, port }) => protocol === "UDP" && port === 80),
  ],
  [
    "SCTP and not TCP",
    [onPort({ port: 80, protocol: "SCTP" })],
    intoA(({ protocol, port }) => protocol === "SCTP" && port === 80),
  ],
  [
    "a protocol without a port is all its ports",
    [onPort({ protocol: "UDP" })],
    intoA(({ protocol }) => protocol === "UDP"),
  ],
  ["a range of ports", [onPort({ port: 79, endPort: 80 })], intoA(tcp(80))],
  [
    "a range over all that is served",
    [onPort({ port: 1, endPort: 65535 })],
    intoA(({ protocol }) => protocol === "TCP"),
  ],
  [
    "egress to a port that the destination names",
    [policy("x/p", egress({ podSelector: pod("a"), egress: [{ ports: [{ port: "serve-80-tcp" }] }] }))],
    outOfA(tcp(80)),
  ],
  [
    "egress to pods of a namespace",
    [
      policy(
        "x/p",
        egress({ podSelector: pod("a"), egress: [{ to: [{ namespaceSelector: space("y"), podSelector: pod("a") }] }] }),
      ),
    ],
    outOfA(({ to }) => to === "y/a"),
  ],
  [
    "ingress and egress of one policy",
    [
      policy("x/p", {
        podSelector: pod("a"),
        policyTypes: ["Ingress", "Egress"],
        ingress: [{ ports: [{ port: 80 }] }],
        egress: [{ ports: [{ port: 81 }] }],
      }),
    ],
    (packet) => intoA(tcp(80))(packet) && outOfA(tcp(81))(packet),
  ],
];

describe("which packets a NetworkPolicy means", () => {
  test.each(cases)("%s", (_, policies, wanted, change) => {
    expect(wrong(nine(policies, change), wanted)).toEqual([]);
  });
});
