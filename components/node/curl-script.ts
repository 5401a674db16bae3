import { preamble } from "../verification/phases/shell";
import { printable } from "./printable";

/** Options of curl by their long names; a list for one that is said several times. */
type CurlOptions = Record<string, string | readonly string[]>;

const statusOnItsOwnLine = "\\n%{http_code}";

/**
 * Asks by a node's own curl, which reaches what the runner may not. All of it reaches curl on its stdin: nothing of it
 * is in an argument or in a file.
 */
export function curlScript(options: CurlOptions): string {
  return `${preamble}command -v curl >/dev/null || { echo "curl is not installed" >&2; exit 127; }
curl --silent --show-error ${curlConfig({ ...options, "write-out": statusOnItsOwnLine })}
`;
}

/** Options that curl reads from its stdin: the end of a line of a script, and the lines after it. */
export function curlConfig(options: CurlOptions): string {
  const lines = Object.entries(options).flatMap(([name, values]) =>
    [values].flat().map((value) => `${name} = "${escaped(value)}"`),
  );
  return ["--config - <<'PODNET_END'", ...lines, "PODNET_END"].join("\n");
}

const escapes: Record<string, string> = { "\n": "\\n", "\r": "\\r", '"': '\\"', "\\": "\\\\" };

/** In curl's words, on one line whatever is in it; write-out's own line break is an escape already. */
function escaped(value: string): string {
  return value === statusOnItsOwnLine ? value : value.replaceAll(/["\\\n\r]/g, (found) => escapes[found] ?? found);
}

/** What was answered and by which status; throws why nobody could be asked. */
export function curlAnswer(result: { code: number; stdout: string; stderr: string }): { text: string; status: string } {
  if (result.code !== 0) throw new Error(printable(result.stderr.trim(), 300) || `curl ended with ${result.code}`);
  const at = result.stdout.lastIndexOf("\n");
  return { text: result.stdout.slice(0, at), status: result.stdout.slice(at + 1) };
}
