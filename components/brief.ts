import { isDeepStrictEqual } from "node:util";

/** Values without those that a default says: the engine keeps for every node what it is given. */
export function brief<Values extends object>(values: Values, defaults: Readonly<Record<string, unknown>>): Values {
  const said = Object.entries(values).filter(([name, value]) => !isDeepStrictEqual(value, defaults[name]));
  return Object.fromEntries(said) as Values;
}
