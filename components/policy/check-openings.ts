import { Cidr } from "../addresses/cidr";
import type { Problem } from "../addresses/problem";
import { isNamed } from "./check-form";
import type { PolicySettings } from "./complete";
import { isRange } from "./peer";

/** Openings that would open nothing, or not what was meant. */
export function openingProblems(settings: PolicySettings): Problem[] {
  return [
    ...serviceProblems(settings),
    ...namedPortProblems(settings),
    ...webhookProblems(settings),
    ...placeProblems(settings),
    ...directionProblems(settings),
  ];
}

/** Policy is decided after a service's address was translated: an opening to it opens nothing. */
function serviceProblems({ serviceCidr, openings: { apiServer, others } }: PolicySettings): Problem[] {
  const services = serviceCidr.map((text) => Cidr.parse(text));
  const isService = (range: string) => services.some((one) => one.contains(Cidr.parse(range)));
  const endpoints = "kubectl get endpointslices -n default -l kubernetes.io/service-name=kubernetes";
  return [
    ...(apiServer?.addresses ?? [])
      .filter((address) => isService(`${address}/${address.includes(":") ? 128 : 32}`))
      .map((address) => ({
        path: "openings.apiServer.addresses",
        value: address,
        rule: "it is a service's address, and policy is decided after that was translated to an endpoint's",
        fix: `name the API servers' own addresses: ${endpoints}`,
      })),
    ...Object.entries(others).flatMap(([name, { to = [] }]) =>
      [to]
        .flat()
        .filter((peer) => isRange(peer) && isService(peer.range))
        .map((peer) => ({
          path: `openings.others.${name}.to`,
          value: isRange(peer) ? peer.range : "",
          rule: "services have these addresses, and policy is decided after they were translated to pods'",
          fix: "name the pods behind the service by their labels",
        })),
    ),
  ];
}

/** A name is looked up in the pod that is asked; an address has none. */
function namedPortProblems({ baseline, form }: PolicySettings): Problem[] {
  if (form === "ClusterNetworkPolicy") return [];
  return baseline.allowances
    .filter(({ direction, peers, ports }) => direction === "egress" && peers.some(isRange) && ports.some(isNamed))
    .map(({ name, ports }) => ({
      path: `openings (${name})`,
      value: ports.filter(isNamed).join(", "),
      rule: "a range has no ports by name: only pods have",
      fix: "say their numbers",
    }));
}

function webhookProblems({ openings: { webhooks, apiServer } }: PolicySettings): Problem[] {
  return [webhooks].flat().flatMap(({ from }, index) =>
    from.length > 0 || apiServer
      ? []
      : [
          {
            path: `openings.webhooks[${index}].from`,
            rule: "nothing says which addresses the API server comes from",
            fix: "say from: the ranges of the control plane, or openings.apiServer",
          },
        ],
  );
}

/** An opening in a namespace that the baseline does not close has nothing to open. */
function placeProblems({ baseline: { names, allowances } }: PolicySettings): Problem[] {
  if (names === undefined) return [];
  return allowances
    .filter(({ namespace }) => namespace !== undefined && !names.includes(namespace))
    .map(({ name, namespace }) => ({
      path: `openings (${name})`,
      value: namespace as string,
      rule: `${namespace} is no namespace of the baseline`,
      fix: `its namespaces are: ${names.slice(0, 10).join(", ")}`,
    }));
}

function directionProblems({ openings, baseline: { closed } }: PolicySettings): Problem[] {
  const ingress = [
    ...([openings.ingressController].flat().length > 0 ? ["ingressController"] : []),
    ...([openings.monitoring].flat().length > 0 ? ["monitoring"] : []),
    ...([openings.webhooks].flat().length > 0 ? ["webhooks"] : []),
    ...(openings.nodes.length > 0 ? ["nodes"] : []),
    ...Object.entries(openings.others).flatMap(([name, one]) => (one.from ? [`others.${name}`] : [])),
  ];
  // What asks webhooks also tells them where the API server is.
  const egress = [
    ...(openings.apiServer && [openings.webhooks].flat().length === 0 ? ["apiServer"] : []),
    ...Object.entries(openings.others).flatMap(([name, one]) => (one.to ? [`others.${name}`] : [])),
  ];
  const idle = (names: string[], direction: "ingress" | "egress") =>
    closed.includes(direction)
      ? []
      : names.map((name) => ({
          path: `openings.${name}`,
          rule: `${direction} is not closed, and needs no opening`,
          fix: `say directions: both, or leave it out`,
        }));
  return [...idle(ingress, "ingress"), ...idle(egress, "egress")];
}
