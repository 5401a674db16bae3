import { pathAttributes } from "../facts";
import { decidesLogin, removeFile, replaceFile, unlessPlainFile } from "./file";
import type { Kind } from "./kind";

/** Binaries. Their content reaches the owner's store (by URL, or pushed) before anything is changed. */
export const artifact: Kind = {
  items: (state) =>
    state.artifacts.map(({ path, sha256, mode }) => ({
      kind: "artifact",
      key: path,
      value: { type: "file", sha256, mode, uid: 0, gid: 0 },
    })),
  ask: (key, questions) => questions.paths.push(key),
  observe: (facts, key) => pathAttributes(facts.paths.get(key)),
  // Its content lies in the store, like that of a file which is put back.
  render: (step, context) => [step.to ? replaceFile(step.key, step.to, context) : removeFile(step.key)],
  danger: ({ key }) => decidesLogin(key),
  irreversible: unlessPlainFile,
};
