import { Cidr } from "../../addresses/cidr";
import type { Problem } from "../../addresses/problem";
import type { Peer, Rule } from "./rule";

type Direction = "ingress" | "egress";

/** What is wrong with one rule; the rules are those of Calico's own validation. */
export function ruleProblems(path: string, rule: Rule, direction: Direction): Problem[] {
  return [
    ...familyProblems(path, rule),
    ...icmpProblems(path, rule),
    ...protocolProblems(path, rule),
    ...(["from", "to"] as const).flatMap((end) => peerProblems(`${path}.${end}`, rule[end], end, direction)),
    ...(rule.to?.service && rule.ports.length > 0
      ? [
          {
            path: `${path}.ports`,
            rule: "the rule names a service, whose own ports are meant, and ports",
            fix: "leave ports out, or select the pods by their labels",
          },
        ]
      : []),
  ];
}

function familyProblems(path: string, { from, to, family }: Rule): Problem[] {
  const nets = [from, to].flatMap((end) => [...(end?.nets ?? []), ...(end?.notNets ?? [])]);
  const families = new Set(nets.map((net) => Cidr.parse(net).family));
  if (families.size > 1)
    return [{ path, rule: "the rule has ranges of both address families", fix: "make a rule for each family" }];
  const [other] = [...families].filter((one) => family !== undefined && one !== family);
  return other === undefined
    ? []
    : [
        {
          path: `${path}.family`,
          value: family as string,
          rule: `the rule's ranges are ${other}`,
          fix: "leave family out",
        },
      ];
}

function icmpProblems(path: string, { icmp, protocols, family }: Rule): Problem[] {
  const spoken = protocols.filter((one) => one === "icmp" || one === "icmpv6");
  const other = { icmp: "ipv6", icmpv6: "ipv4" } as const;
  return [
    ...(icmp && (spoken.length === 0 || spoken.length < protocols.length)
      ? [
          {
            path: `${path}.icmp`,
            rule: "an ICMP message is named, and the protocols are not icmp or icmpv6 alone",
            fix: 'say protocols: "icmp" or "icmpv6", and other protocols in another rule',
          },
        ]
      : []),
    ...spoken
      .filter((one) => other[one] === family)
      .map((one) => ({
        path: `${path}.family`,
        value: family as string,
        rule: `${one} is not of ${family}`,
        fix: "leave family out",
      })),
  ];
}

/** A port narrows its protocol; the same protocol named as a whole would take it all the same. */
function protocolProblems(path: string, { ports, sourcePorts, protocols }: Rule): Problem[] {
  const narrowed = new Set([...ports, ...sourcePorts].map((port) => port.split("/")[0]));
  return protocols
    .filter((one) => narrowed.has(String(one)))
    .map((one) => ({
      path: `${path}.protocols`,
      value: String(one),
      rule: `${one} is named as a whole and by ports`,
      fix: "leave it out of protocols to mean the ports, or leave the ports out",
    }));
}

function peerProblems(path: string, peer: Peer | undefined, end: "from" | "to", direction: Direction): Problem[] {
  if (peer === undefined) return [];
  const { service, selector, notSelector, namespaceSelector, serviceAccounts, nets, notNets } = peer;
  const problems: Problem[] = [];
  for (const [field, text] of Object.entries({ selector, notSelector }))
    if (text?.includes("global()"))
      problems.push({
        path: `${path}.${field}`,
        value: text,
        rule: "global() is a namespaceSelector",
        fix: 'say namespaceSelector: "global()"',
      });
  if (namespaceSelector?.includes("global()") && namespaceSelector !== "global()")
    problems.push({
      path: `${path}.namespaceSelector`,
      value: namespaceSelector,
      rule: "global() cannot be joined with other namespaces",
      fix: "make two rules",
    });
  if (!service) return problems;
  const remote = direction === "ingress" ? "from" : "to";
  if (end !== remote)
    problems.push({
      path: `${path}.service`,
      rule: `a service is the other end, and in ${direction} that is ${remote}`,
      fix: `move it to ${remote}`,
    });
  if (service.namespace === undefined)
    problems.push({
      path: `${path}.service`,
      rule: "a global policy is in no namespace",
      fix: "say the service's namespace",
    });
  if (selector ?? notSelector ?? namespaceSelector ?? serviceAccounts ?? [...nets, ...notNets][0])
    problems.push({
      path,
      rule: "a service says already which pods are meant",
      fix: "leave selectors, service accounts and ranges out, or the service",
    });
  return problems;
}
