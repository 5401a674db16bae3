import { noQuestions, type Questions } from "./facts-script";
import type { Item } from "./item";
import { kinds } from "./kinds";
import { ancestors } from "./resolve";

/** Sysctls that the facts script reads of every device. */
const alwaysRead = /^net\/ipv6\/conf\/[^/]+\/(accept_ra|disable_ipv6)$/;

/** What the facts script must read so that these items can be planned. */
export function questionsFor(items: readonly Item[]): Questions {
  const questions: Questions = structuredClone(noQuestions);
  for (const { kind, key, value } of items) {
    kinds[kind].ask(key, questions, value);
    if (kind === "file" || kind === "artifact" || kind === "directory") questions.paths.push(...ancestors(key));
  }
  return {
    ...questions,
    sysctls: [...new Set(questions.sysctls.filter((name) => !alwaysRead.test(name)))],
    paths: [...new Set(questions.paths)],
    units: [...new Set(questions.units)],
  };
}
