import type { Digest } from "./digest";
import type { Finding, Meaning } from "./review";

/** Said of the program and not of the change, and what the settings' own table says better. */
const noise = /Could not find a package\.json|^(safe|rolling|disruptive): /;

/** What components, the provider and the engine complain about: addresses, MTU, quotas, refusals. Each once. */
export function findingsOf({ diagnostics }: Digest): Finding[] {
  const found = diagnostics.flatMap(({ message, severity }): Finding[] => {
    const text = message.replace(/^(info|warning|error): /, "").trimEnd();
    if (text === "" || noise.test(text)) return [];
    const level = severity === "error" || severity === "warning" ? severity : "info";
    return level === "info" ? [] : [{ level, text: withoutPlumbing(text) }];
  });
  const once = new Map(found.map((one) => [one.text, one]));
  return [...once.values()].sort((left, right) =>
    left.level === right.level ? (left.text < right.text ? -1 : 1) : left.level === "error" ? -1 : 1,
  );
}

/** The engine's words around a refusal of podnet's. */
function withoutPlumbing(text: string): string {
  return text.replace(/^podnet:index:\w+ resource '([^']+)' has a problem: /, "$1: ");
}

/** A refusal as a meaning: what, why, and the way round where podnet says one. */
export function refusal(text: string): Meaning {
  const [, what, reason, wayRound] = /^([^\n:]+: [\w.*-]+): ([^\n]*?)(?:\. Instead: (.*))?$/.exec(text) ?? [];
  if (what === undefined || reason === undefined) return { class: "refused", what: "the preview", reason: text };
  return { class: "refused", what, reason, ...(wayRound && { wayRound }) };
}
