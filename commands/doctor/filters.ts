import type { DoctorFacts } from "./facts";
import { blocking, type Finding, warning } from "./finding";

/** Packet filters that a pod network's packets do not pass: forwarded ones, and tunnels between nodes. */
export function filterFindings(facts: DoctorFacts): Finding[] {
  return [...forwarded(facts), ...tunnels(facts)];
}

const isIptables = (chain: string) => /^ip6? filter (INPUT|FORWARD)$/.test(chain);

/** Accepting in another table does not help: every table that hears of a packet must let it pass. */
function forwarded({ filters }: DoctorFacts): Finding[] {
  return filters
    .filter(({ hook, chain }) => hook === "forward" && !isIptables(chain))
    .map(({ by, chain }) =>
      by === "policy"
        ? blocking(
            `the nftables chain "${chain}" drops what it does not accept: a network is refused on this node`,
            "accept the pod CIDRs in it, and let its last rule drop the rest in place of its policy (policy accept)",
          )
        : warning(
            `the nftables chain "${chain}" rejects forwarded packets that it does not accept`,
            chain.startsWith("inet firewalld ")
              ? "put the pod bridge and the pod CIDRs into firewalld's trusted zone, or stop firewalld on cluster nodes"
              : "accept the pod CIDRs in it before its last rule",
          ),
    );
}

/** Only what crosses segments by VXLAN comes in on a port of the node; routed pod packets are forwarded. */
function tunnels({ filters, inputPolicy, acceptsVxlan, services }: DoctorFacts): Finding[] {
  if (acceptsVxlan) return [];
  const policies = [...inputPolicy].filter(([, policy]) => policy === "DROP").map(([command]) => `${command} INPUT`);
  const chains = filters
    .filter(({ hook, by, chain }) => hook === "input" && !(by === "policy" && isIptables(chain)))
    .map(({ chain }) => chain);
  const closed = [...policies, ...chains];
  if (closed.length === 0) return [];
  return [
    warning(
      `${closed.join(", ")} ends what no rule accepts, and none accepts UDP 4789: crossSegment "vxlan" is cut`,
      wayOut(services, chains),
    ),
  ];
}

function wayOut(services: Set<string>, chains: string[]): string {
  if (services.has("ufw-enabled"))
    return "ufw allow proto udp from NODES to any port 4789, with the range of the nodes";
  if (chains.some((chain) => chain.startsWith("inet firewalld ")))
    return "firewall-cmd --permanent --add-port=4789/udp, and firewall-cmd --reload";
  return "accept UDP 4789 (vxlan.port) from the other nodes; without tunnels nothing";
}
