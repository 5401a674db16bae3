import { rules as calico } from "../calico/changes";
import type { ChangeTable } from "../change";
import { changeTable, type Rule } from "../change-table";
import { byBatch, disruptive, nodeChangeRules, podRanges, refused, rolling, safe } from "../network-nodes/changes";

const { "verification.coverage": _, "verification.failOn": __, ...changing } = nodeChangeRules;
const anew = "move the workloads to nodes of a second network with the new value, and remove this one";
const felixAgain = `Felix is started again, ${byBatch}; rules and routes stay in the kernel meanwhile`;
const restarted = rolling(`the daemon is started again, ${byBatch}; rules and routes stay in the kernel meanwhile`);

/** Rules of CalicoNetwork that hold on hosts too. */
function of(...settings: string[]): Record<string, Rule> {
  const wanted = Object.entries(calico).filter(([path]) =>
    settings.some((one) => path === one || path.startsWith(`${one}.`)),
  );
  return Object.fromEntries(wanted);
}

const typeOf = (value: unknown) => (value as { type?: string } | undefined)?.type;
const membersOf = (value: unknown) => ((value as { members?: string[] } | undefined)?.members ?? []).join();

const datastore: Rule = (previous, next) => {
  if (typeOf(previous) !== typeOf(next))
    return refused(
      "what is in the one datastore is not in the other",
      `export with calicoctl and import it into the other; or ${anew}`,
    );
  if (membersOf(previous) !== membersOf(next))
    return refused(
      "a member that joins or leaves must be told to etcd first, which a unit of podnet's cannot",
      "add or remove it with etcdctl member, and give endpoints in the place of members",
    );
  return restarted;
};

const orchestrator: Rule = (previous, next) =>
  typeOf(previous) === typeOf(next)
    ? restarted
    : refused("workloads of the one orchestrator are unknown to the other", anew);

/** What a change of each setting does, by path. */
export const rules: Record<string, Rule> = {
  ...changing,
  name: refused("the name is in what stands on the nodes", anew),
  "nodes.*": (previous) =>
    previous === undefined ? safe("a node joins") : safe("a node leaves: move its workloads before"),
  "nodes.*.addresses": disruptive(
    "the others reach the node's workloads by it, and lose them until they learn the new one",
  ),
  "nodes.*.segment": safe(
    "only what is checked, and which networks a route reflector waits for, which is told by itself",
  ),
  "nodes.*.nic": safe("only what is checked"),
  "nodes.*.mtu": rolling(felixAgain),
  "segments.*": safe("only what is checked, and which networks a route reflector waits for"),
  orchestrator,
  legacy: safe("only whether it is made at all"),
  version: rolling("only what is checked; the packages on the nodes are yours to bring up to date"),
  datastore,
  podCidr: podRanges(anew),
  "otherRanges.*": safe("only what addresses are checked against"),
  encapsulation: refused("nodes that send in a tunnel and nodes that expect none lose each other's packets", anew),
  ...of("felix", "globalPolicies", "networkSets", "tiers", "hostEndpoints"),
  configureOn: rolling(
    "another node writes policy; the first takes it out of etcd before, and policy is away for that moment",
  ),
  "programs.felix": restarted,
  "programs.calicoctl": restarted,
  "programs.etcd": restarted,
  "programs.bird": restarted,
  "programs.docker": disruptive(`calico-node is started again, ${byBatch}, and with it its BGP`),
};

/** What may change how in Calico on hosts: from its recorded settings to the wanted ones. */
export const changes: ChangeTable = changeTable(rules);
