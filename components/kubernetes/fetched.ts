import { readFile } from "node:fs/promises";
import { UserError } from "../errors";
import { shownUrl } from "../node/fetch-script";

/** A file of definitions, by URL or beside the program. */
interface DefinitionsFile {
  url?: string | undefined;
  localPath?: string | undefined;
}

/**
 * The text of a file of CustomResourceDefinitions, and what it is called in messages. The one thing that components fetch:
 * what it shall be is known by its hash, and the cluster is not asked for it.
 *
 * @param subject the resource and its network, as messages name them: `CalicoDefinitions "pods"`
 * @param fix what to say in the place of a file that cannot be read
 * @throws UserError when it cannot be read
 */
export async function definitionsText(
  subject: string,
  { url, localPath = "" }: DefinitionsFile,
  fix: string,
): Promise<{ text: string; source: string }> {
  const source = url === undefined ? localPath : shownUrl(url);
  try {
    if (url === undefined) return { text: await readFile(localPath, "utf8"), source };
    const response = await fetch(url);
    if (response.ok) return { text: await response.text(), source };
    throw new Error(`the server answers ${response.status} ${response.statusText}`);
  } catch (error) {
    const { message, cause } = error as Error;
    const reason = cause instanceof Error ? `${message}: ${cause.message}` : message;
    const rule = `the file of CustomResourceDefinitions cannot be read: ${url ? reason.replaceAll(url, source) : reason}`;
    throw new UserError(subject, [{ path: "crds", value: source, rule, fix }]);
  }
}
