import { type ChangeFiles, changeFiles } from "../../../components/node/change-files";
import { type Change, changeScript } from "../../../components/node/change-script";
import { sha256 } from "../../../components/node/kinds/file";
import { manifestTexts, stateItems } from "../../../components/node/manifest";
import { plan } from "../../../components/node/plan";
import { type NodeStateInput, nodeState } from "../../../components/node/state";
import { emptyFacts } from "../../unit/node/world";

export interface Wanted {
  token: string;
  /** The content that /opt/x gets. */
  content: string;
  /** What /opt/x holds meanwhile; undefined: it is not there. */
  before?: string;
  owner?: string;
  /** SHA-256 of the owner's manifest; undefined: it has none. */
  previous?: string;
  /** Waits for a confirmation. @default true */
  confirmed?: boolean;
  windowSeconds?: number;
  probes?: string[];
  more?: NodeStateInput;
}

/** One change of one file, as the provider would send it after a look at the node. */
export function change(wanted: Wanted): { script: string; files: ChangeFiles; manifest: string; sent: Change } {
  const { token, content, before, owner = "test", confirmed = true, windowSeconds = 60, probes = [], more } = wanted;
  const state = nodeState.parse({ ...more, files: [{ path: "/opt/x", content }, ...(more?.files ?? [])] });
  const facts = emptyFacts();
  if (before !== undefined)
    facts.paths.set("/opt/x", { type: "file", mode: "0644", uid: 0, gid: 0, sha256: sha256(before) });
  const made = plan({ items: stateItems(state), manifest: undefined, facts, adopt: true });
  const next = {
    ...{ version: 1 as const, owner, node: "node1", change: token, state },
    ...{ derived: [], origins: made.origins },
  };
  const contents = new Map(state.files.map((file) => [sha256(file.content), file.content]));
  const files = changeFiles(made, next, { owner, token, contents });
  const texts = manifestTexts(next);
  const sent: Change = {
    ...{ owner, token, plan: made, wanted: state, files, next: texts, previousManifest: wanted.previous },
    ...{ generation: undefined, confirmed, windowSeconds, probes },
  };
  return { script: changeScript(sent), sent, files, manifest: sha256(texts.manifest) };
}
