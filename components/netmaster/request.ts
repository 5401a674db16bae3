import { curlAnswer, curlScript } from "../node/curl-script";
import { printable } from "../node/printable";
import type { Value } from "./collections";
import type { NetmasterObjectSettings } from "./settings";

export type Verb = "GET" | "POST" | "DELETE";

/** Asks netmaster about one object, from a node. */
export function requestScript(
  { url, collection, key, value }: Pick<NetmasterObjectSettings, "url" | "collection" | "key" | "value">,
  verb: Verb,
): string {
  return curlScript({
    url: `${url}/api/v1/${collection}/${key}/`,
    request: verb,
    // Proxies of the node's surroundings have no business between it and its own cluster.
    noproxy: "*",
    "max-time": "20",
    ...(verb === "POST" && { header: "Content-Type: application/json", data: JSON.stringify({ key, ...value }) }),
  });
}

/**
 * The object as netmaster answered it; undefined when one that was asked for is not there, which it says as an error of
 * its own. Throws what netmaster refuses, in its words.
 */
export function parseAnswer(result: { code: number; stdout: string; stderr: string }, verb: Verb): Value | undefined {
  const { text, status } = curlAnswer(result);
  if (status !== "200") {
    // What a refusal of a POST did not find is something that the object names.
    if (verb !== "POST" && (status === "404" || /\bnot found$/i.test(text.trim()))) return undefined;
    throw new Error(printable(text.trim(), 300) || `HTTP ${status}`);
  }
  // A deletion is answered by nothing, or by the key.
  if (text.trim() === "") return {};
  try {
    const answer = JSON.parse(text) as unknown;
    return typeof answer === "object" && answer !== null ? (answer as Value) : {};
  } catch {
    throw new Error(`it is no netmaster that answers (HTTP ${status}): ${printable(text.trim(), 200)}`);
  }
}

/** Of what netmaster has, the fields that are wanted: it leaves out what is empty. */
export function observed(answer: Value, wanted: Value): Value {
  const names = Object.keys(wanted).filter((name) => answer[name] !== undefined);
  return Object.fromEntries(names.map((name) => [name, answer[name] as Value[string]]));
}
