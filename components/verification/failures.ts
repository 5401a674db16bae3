import type { Probe, Verdict } from "./probes";
import type { Family } from "./settings";

const familyNames: Record<Family, string> = { ipv4: "IPv4", ipv6: "IPv6" };

/** What is wrong with one probe, without who and whom; undefined when nothing is. */
export function fault(probe: Probe, mtu: number): string | undefined {
  const over = `over ${familyNames[probe.family]}`;
  if (!probe.answer.reachable) {
    const why = probe.answer.message ? `: ${probe.answer.message}` : "";
    const what = {
      pod: "no answer",
      node: "the node's address does not answer the pod",
      ownPod: "its own pod does not answer",
    };
    return `${what[probe.kind]} ${over}${why}`;
  }
  if (probe.answer.fullSize === false) {
    const limit = probe.answer.pathMtu ? `; the path carries ${probe.answer.pathMtu}` : "";
    return `packets of ${mtu} bytes do not arrive ${over}${limit}`;
  }
  if (probe.translatedTo) return `the pod's address is translated ${over}, it arrives as ${probe.translatedTo}`;
  return undefined;
}

export function failed(verdict: Verdict, mtu: number): Probe[] {
  return verdict.probes.filter((probe) => fault(probe, mtu) !== undefined);
}

/** Fewer than this many probes of one node that fail alike are told one by one. */
const alike = 3;

/**
 * What failed, in as few lines as tell it: a node that nobody reaches, or that reaches nobody, is one line, however
 * many nodes there are. At most `limit` lines, and one more that counts the rest.
 */
export function failureLines(verdict: Verdict, mtu: number, limit = 20): string[] {
  const faults = new Map<Probe, string>();
  for (const probe of failed(verdict, mtu)) faults.set(probe, fault(probe, mtu) as string);

  const told = new Set<Probe>();
  const grouped: string[] = [];
  const tell = (probes: Probe[], line: string) => {
    for (const probe of probes) told.add(probe);
    grouped.push(line);
  };
  for (const kind of groups(verdict.probes, (probe) => `${probe.kind} ${probe.family}`)) {
    if (kind.length >= alike * 2 && sameFault(kind, faults)) {
      tell(kind, `every node → every node: ${faults.get(kind[0] as Probe)} (${kind.length} probes)`);
      continue;
    }
    for (const probes of groups(kind, (probe) => probe.to)) {
      const [first] = probes as [Probe];
      if (probes.length >= alike && sameFault(probes, faults))
        tell(
          probes,
          `every probing node → ${first.to}: ${faults.get(first)} (${probes.length} probes → ${first.target})`,
        );
    }
    for (const probes of groups(kind, (probe) => probe.from)) {
      const [first] = probes as [Probe];
      if (probes.length >= alike && sameFault(probes, faults))
        tell(
          probes,
          `${first.from} → every probed node: ${faults.get(first)} (${first.source} → ${probes.length} probes)`,
        );
    }
  }
  const single = [...faults]
    .filter(([probe]) => !told.has(probe))
    .map(([probe, text]) => `${pairText(probe)}: ${text} (${probe.source} → ${probe.target})`);
  const lines = [...unprobedLines(verdict), ...grouped, ...single];
  if (lines.length <= limit) return lines;
  return [...lines.slice(0, limit), `and ${lines.length - limit} more; podnet verify --json lists all`];
}

/** Nodes that could not be probed, those with the same reason in one line. */
function unprobedLines(verdict: Verdict): string[] {
  return groups(verdict.unprobed, (entry) => entry.reason).map((entries) => {
    const names = entries.map((entry) => entry.node);
    const shown =
      names.length > 5 ? `${names.slice(0, 4).join(", ")} and ${names.length - 4} more nodes` : names.join(", ");
    return `${shown}: ${(entries[0] as { reason: string }).reason}`;
  });
}

export function pairText(probe: Probe): string {
  return probe.kind === "ownPod" ? probe.from : `${probe.from} → ${probe.to}`;
}

function sameFault(probes: Probe[], faults: Map<Probe, string>): boolean {
  const first = faults.get(probes[0] as Probe);
  return first !== undefined && probes.every((probe) => faults.get(probe) === first);
}

function groups<T>(entries: T[], key: (entry: T) => string): T[][] {
  return [...Map.groupBy(entries, key).values()];
}
