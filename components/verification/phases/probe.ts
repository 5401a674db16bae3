import { wrap } from "../../node/facts-script";
import { quote } from "../../node/quote";
import type { Family } from "../settings";
import { now, preamble, probeNames } from "./shell";

/** One thing to ask of a node: does this address answer, and does it answer packets of full size. */
export interface Question {
  from: "node" | "pod";
  family: Family;
  address: string;
  /** The whole packet's size in bytes; without it only the small probe is sent. */
  mtu?: number;
}

/** What came of a question. */
export interface Answer {
  reachable: boolean;
  /** Round trip of the faster of two packets, in milliseconds; of full size where that was asked. */
  milliseconds?: number;
  /** Whether packets of full size arrive; undefined when that was not asked or nothing arrives. */
  fullSize?: boolean;
  /** The largest packet the path takes, in bytes, where the kernel learnt it. */
  pathMtu?: number;
  /** ping's own words where it could not even send. */
  message?: string;
}

/** Probes that one node sends at the same time. */
const atOnce = 32;

/**
 * Two packets, and on silence two more after a second: a bridge port or a neighbour entry may be that young. Then the
 * same at full size, which must not be cut up on the way. All of it again until the network should have settled, unless
 * the kernel said what does not fit: that no time mends.
 */
const probe = (settleSeconds: number) => `
settled=$(($(now) + ${settleSeconds}))
whole() { ping "-$2" -n -c 2 -i 0.2 -W 1 -M do -s "$4" "$3" 2>&1; }
ask() {
  small=$(ping "-$2" -n -q -c 2 -i 0.2 -W 1 "$3" 2>&1) || { sleep 1; small=$(ping "-$2" -n -q -c 2 -i 0.2 -W 1 "$3" 2>&1); }
  code=$? full=- limit=
  if [ $code = 0 ]; then
    text=\${small##*= }
    if [ "$4" != - ]; then
      out=$(whole "$@") || case $out in *mtu*) false ;; *) sleep 1; out=$(whole "$@") ;; esac
      full=$?
      [ $full = 0 ] && text=\${out##*= }
      case $out in *mtu*) limit=\${out#*mtu}; limit=\${limit%%[!0-9 =]*} ;; esac
    fi
  else
    text=\${small%%"
"*}
  fi
  case $code$full$limit in 00*|0-*|01?*) true ;; *) false ;; esac
}
probe() {
  until ask "$@" || [ "$(now)" -ge $settled ]; do sleep 1; done
  echo "$1|$code|$full|$limit|$text" > "answer.$1"
}
`;

const header: Record<Family, number> = { ipv4: 20 + 8, ipv6: 40 + 8 };

/** Third phase: asks every question, all at once as far as the node's processes should bear it. */
export function probeScript(questions: Question[], token: string, settleSeconds: number): string {
  const { name, directory } = probeNames(token);
  const asking = probe(settleSeconds);
  const calls = (from: Question["from"]) =>
    questions.flatMap((question, index) => {
      if (question.from !== from) return [];
      const payload = question.mtu === undefined ? "-" : question.mtu - header[question.family];
      return [`probe ${index} ${question.family === "ipv4" ? 4 : 6} ${quote(question.address)} ${payload} &`];
    });
  const inBatches = (lines: string[]) =>
    [...lines.flatMap((line, index) => (index % atOnce === atOnce - 1 ? [line, "wait"] : [line])), "wait"].join("\n");
  return wrap([
    preamble,
    `cd ${directory} || { echo "the probe pod is gone" >&2; exit 1; }`,
    asking,
    `ip netns exec ${name} sh -s <<'END' &\n${now}${asking}\n${inBatches(calls("pod"))}\nEND`,
    inBatches(calls("node")),
    "cat answer.*",
  ]);
}

/** The answers, in the questions' order. */
export function parseProbe(result: { code: number; stdout: string; stderr: string }, questions: Question[]): Answer[] {
  const answers = new Map<number, Answer>();
  for (const line of result.stdout.split("\n")) {
    const [index, code, full, limit, ...text] = line.split("|");
    if (!index || code === undefined) continue;
    answers.set(Number(index), code === "0" ? answered(full, limit, text.join("|")) : silent(code, text.join("|")));
  }
  return questions.map((_, index) => {
    const answer = answers.get(index);
    if (!answer) throw new Error(`probing ended early: ${result.stderr.trim() || `exit code ${result.code}`}`);
    return answer;
  });
}

function answered(full: string | undefined, limit: string | undefined, times: string): Answer {
  const fastest = Number(times.split("/")[0]);
  const pathMtu = Number(/\d+/.exec(limit ?? "")?.[0]);
  return {
    reachable: true,
    ...(Number.isFinite(fastest) && { milliseconds: fastest }),
    ...(full !== "-" && { fullSize: full === "0" }),
    ...(full !== "-" && full !== "0" && pathMtu > 0 && { pathMtu }),
  };
}

/** ping ends with 1 when nobody answers and with 2 when it cannot send, which has a reason worth showing. */
function silent(code: string, text: string): Answer {
  return { reachable: false, ...(code !== "1" && text && { message: text.replace(/^ping6?: /, "") }) };
}
