/** One thing wrong with what the user wrote. */
export interface Problem {
  /** Where: "nodes[2].addresses[0]", "podCidr". */
  path: string;
  /** What stands there, when it helps and is no secret. */
  value?: string;
  /** What must hold, and what holds instead. */
  rule: string;
  /** What to change. */
  fix?: string;
}

/** One mistake can be wrong about a thousand nodes; nobody reads a thousand lines. */
const most = 30;

/** All problems of one thing, in the form of zod's prettifyError. */
export function formatProblems(subject: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
  const shown = problems.slice(0, most).map(formatProblem);
  const more = problems.length > most ? [`… and ${problems.length - most} more`] : [];
  return [`${subject}: ${count}`, ...shown, ...more].join("\n");
}

function formatProblem({ path, value, rule, fix }: Problem): string {
  const where = [path && `at ${path}`, value !== undefined && `value ${value}`].filter(Boolean).join(", ");
  return [`✖ ${rule}`, where && `  → ${where}`, fix && `  → ${fix}`].filter(Boolean).join("\n");
}
