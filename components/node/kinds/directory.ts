import { quote } from "../quote";
import { decidesLogin } from "./file";
import { disk, type Kind } from "./kind";

/** That of most directories: those that are made together are made by one process. */
export const plainMode = "0755";

/** Directories. One that was made here goes again when it is empty, or with all that is in it when it says `purge`. */
export const directory: Kind = {
  items: (state) =>
    state.directories.map(({ path, mode, purge }) => ({
      kind: "directory",
      key: path,
      value: { type: "directory", mode },
      shared: true,
      purge,
    })),
  ask: (key, questions) => questions.paths.push(key),
  observe(facts, key) {
    const path = facts.paths.get(key);
    return path ? { type: path.type, mode: path.mode } : null;
  },
  render(step) {
    const path = quote(step.key);
    if (step.to?.mode === plainMode && step.from === null)
      return [{ ...disk(`make ${step.key}`, path), tool: "mkdir" }];
    if (step.to) return [disk(`make ${step.key}`, `mkdir -p ${path} && chmod ${quote(String(step.to.mode))} ${path}`)];
    if (step.from?.purge) return [disk(`remove ${step.key}`, `rm -rf ${path}`)];
    // What others put into it keeps it; a disk that takes no change is a failure.
    return [disk(`remove ${step.key}`, `rmdir ${path} 2>/dev/null || [ ! -e ${path} ] || [ -n "$(ls -A ${path})" ]`)];
  },
  danger: ({ key }) => decidesLogin(key),
};
