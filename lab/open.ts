import { Lab } from "./lab";
import { readRecord } from "./state";

/** A lab that is there, without a look at whether all of it runs. */
export async function open(name = "lab"): Promise<Lab> {
  const record = await readRecord(name);
  if (!record) throw new Error(`there is no lab "${name}"; bring it up first`);
  return new Lab({ name, slot: record.slot }, record.nodes);
}
