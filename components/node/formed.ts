import { z } from "zod";
import { printable } from "./printable";

/** An element of a list in its form. */
export type Rows<Schema extends z.ZodType<unknown[]>> = z.output<Schema>[number];

/** A section of the answer in its form; a node that answers something else is refused in one sentence. */
export function formed<Schema extends z.ZodType>(
  section: string,
  schema: Schema,
  read: () => unknown,
): z.output<Schema> {
  let value: unknown;
  try {
    value = read();
  } catch (error) {
    throw new Error(`${refusal} ${section}: ${printable((error as Error).message, 200)}`);
  }
  const { success, data, error } = schema.safeParse(value);
  if (success) return data;
  const [issue] = error.issues;
  const where = issue ? z.core.toDotPath(issue.path) : "";
  throw new Error(
    `${refusal} ${section}${where ? `, at ${printable(where, 100)}` : ""}: ${printable(issue?.message ?? "", 300)}`,
  );
}

const refusal = "its answer is not what the facts script prints (another ip or nft than iproute2's and nftables'?) in";

export function lines(text: string | undefined): string[] {
  return (text ?? "").split("\n").filter((line) => line !== "");
}
