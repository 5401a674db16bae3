import { namesOf } from "./nodes";
import { type Count, counted, type FileChange, type Review } from "./review";

/** A part of a report: lines to read, and what is folded away. */
export interface Section {
  title: string;
  lines: string[];
  files?: FileChange[];
}

/** A report's parts in the order of their weight; what is empty is left out. */
export function sections(review: Review): Section[] {
  const all: Section[] = [
    { title: "What it means", lines: review.meanings.map(meaningLine) },
    {
      title: "Not reachable at the last refresh",
      lines: review.unreachable.map(({ node, reason }) => `${node}: ${reason}`),
    },
    {
      title: "Left unfinished by the last change",
      lines: review.unfinished.map(({ node, reason }) => `${node}: ${reason}`),
    },
    {
      title: "Findings",
      lines: review.findings.filter(({ level }) => level !== "error").map(({ level, text }) => `${level}: ${text}`),
    },
    {
      title: "Nodes",
      lines: review.nodes.map(
        ({ network, nodes, action, summary }) =>
          `${action} ${counted(nodes.length, "node")} of ${network} (${namesOf(nodes)}): ${summary}`,
      ),
    },
    { title: "Connections", lines: connectionLines(review) },
    { title: "Pod subnets", lines: review.addresses },
    { title: "Routes", lines: review.routes.map(countLine) },
    { title: "Other resources", lines: review.others.map(countLine) },
    { title: "Files", lines: [], files: review.files },
  ];
  return all.filter(({ lines, files }) => lines.length > 0 || (files && files.length > 0));
}

function meaningLine({ class: danger, what, reason, wayRound }: Review["meanings"][number]): string {
  return `${danger}: ${what}: ${reason}${wayRound ? `. Instead: ${wayRound}` : ""}`;
}

function connectionLines({ connections }: Review): string[] {
  const { closed = [], opened = [], added = [], removed = [], unevaluated = [] } = connections ?? {};
  const only = (when: string, names: readonly string[]) =>
    names.length > 0 ? [`only ${when}, and not compared: ${names.join("; ")}`] : [];
  return [
    ...unevaluated.slice(0, 3).map((line) => `not known: ${line}`),
    ...(unevaluated.length > 3 ? [`not known: ${unevaluated.length - 3} more, by podnet reach`] : []),
    ...[...closed, ...opened].map(
      ({ change, from, to, traffic, because }) => `${change}: ${from} → ${to}: ${traffic} (${because.join("; ")})`,
    ),
    ...only("after", added),
    ...only("before", removed),
  ];
}

function countLine({ what, action, count, names, named = count }: Count): string {
  const more = named > names.length ? ` and ${named - names.length} more` : "";
  return `${action} ${count} ${what}: ${names.join(", ")}${more}`;
}

/** "/etc/… on node1, node2 and 998 more". */
export function fileTitle({ path, nodes }: FileChange): string {
  return `${path} on ${namesOf(nodes)}${nodes.length > 1 ? ", but for each node's own addresses" : ""}`;
}

/** The first line: the verdict, what is touched and what users notice. */
export function headline({ verdict, touched, noticed }: Review): string {
  return `${verdict}: ${touched}: ${noticed}`;
}
