import { describe, expect, test } from "vitest";
import { nine, policy, wrong } from "./matrix";
import { all, type Case, denyX, egress, ingress, intoA, ns, only, onPort, outOfA, pod, space } from "./words";

const cases: Case[] = [
  [
    "two policies add up",
    [
      policy("x/p", only(pod("a"), { podSelector: pod("b") })),
      policy("x/q", only(pod("a"), { namespaceSelector: space("z") })),
    ],
    intoA(({ from }) => from === "x/b" || ns(from) === "z"),
  ],
  [
    "two policies with a port each add up",
    [onPort({ port: 80 }), policy("x/q", ingress({ podSelector: pod("a"), ingress: [{ ports: [{ port: 81 }] }] }))],
    intoA(({ protocol }) => protocol === "TCP"),
  ],
  [
    "allow all wins over deny all beside it",
    [policy("x/p", { podSelector: all }), policy("x/q", ingress({ podSelector: all, ingress: [{}] }))],
    () => true,
  ],
  [
    "egress that is closed at the client is closed though the server allows it",
    [policy("x/p", egress({ podSelector: pod("a") })), policy("y/p", ingress({ podSelector: all, ingress: [{}] }))],
    outOfA(() => false),
  ],
  [
    "both ends must allow a connection",
    [
      policy("x/p", egress({ podSelector: pod("a"), egress: [{ to: [{ namespaceSelector: space("y") }] }] })),
      policy("y/p", only(pod("b"), { namespaceSelector: space("z") })),
    ],
    ({ from, to }) => (from !== "x/a" || (ns(to) === "y" && to !== "y/b")) && (to !== "y/b" || ns(from) === "z"),
  ],
  [
    "policies of different namespaces do not mix",
    [denyX, policy("y/p", ingress({ podSelector: all, ingress: [{}] }))],
    ({ from, to }) => ns(from) !== "x" && ns(to) !== "x",
  ],
  [
    "a namespace that gets the label is let in",
    [policy("x/p", only(pod("a"), { namespaceSelector: { matchLabels: { stage: "up" } } }))],
    intoA(({ from }) => ns(from) === "y"),
    ({ namespaces }) => Object.assign(namespaces[1]?.labels ?? {}, { stage: "up" }),
  ],
  [
    "a pod that gets the label is let in",
    [policy("x/p", only(pod("a"), { podSelector: { matchLabels: { role: "up" } } }))],
    intoA(({ from }) => from === "x/c"),
    ({ workloads }) => Object.assign(workloads[2]?.labels ?? {}, { role: "up" }),
  ],
  [
    "a pod that gets the selected label is closed",
    [policy("x/p", { podSelector: { matchLabels: { role: "up" } } })],
    ({ to }) => to !== "x/c",
    ({ workloads }) => Object.assign(workloads[2]?.labels ?? {}, { role: "up" }),
  ],
  [
    "egress to a range of addresses",
    [policy("x/p", egress({ podSelector: pod("a"), egress: [{ to: [{ ipBlock: { cidr: "10.0.2.0/24" } }] }] }))],
    outOfA(({ to }) => ns(to) === "y"),
  ],
  [
    "a range with an exception",
    [
      policy(
        "x/p",
        egress({
          podSelector: pod("a"),
          egress: [{ to: [{ ipBlock: { cidr: "10.0.0.0/16", except: ["10.0.2.2/32"] } }] }],
        }),
      ),
    ],
    outOfA(({ to }) => to !== "y/b"),
  ],
  [
    "an exception that another rule allows is open",
    [
      policy(
        "x/p",
        egress({
          podSelector: pod("a"),
          egress: [
            { to: [{ ipBlock: { cidr: "10.0.0.0/16", except: ["10.0.2.2/32"] } }] },
            { to: [{ ipBlock: { cidr: "10.0.2.2/32" } }] },
          ],
        }),
      ),
    ],
    () => true,
  ],
  [
    "ingress from one address",
    [policy("x/p", only(pod("a"), { ipBlock: { cidr: "10.0.3.1/32" } }))],
    intoA(({ from }) => from === "z/a"),
  ],
  [
    "pods of the host network are behind no policy and in no selector",
    [denyX, policy("y/p", only(all, { namespaceSelector: all }))],
    ({ from, to }) => ![from, to].some((pod) => pod === "x/b" || pod === "x/c") && !(from === "x/a" && ns(to) === "y"),
    ({ workloads }) => Object.assign(workloads[0] ?? {}, { hostNetwork: true, addresses: ["192.0.2.7"] }),
  ],
];

describe("several NetworkPolicies, changing labels, addresses", () => {
  test.each(cases)("%s", (_, policies, wanted, change) => {
    expect(wrong(nine(policies, change), wanted)).toEqual([]);
  });

  test("a policy that is taken away leaves nothing behind", () => {
    expect(wrong(nine([denyX]), () => true)).not.toEqual([]);
    expect(wrong(nine([]), () => true)).toEqual([]);
  });
});
