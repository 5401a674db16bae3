/** A destination as part of a name: "10-244-0-0-24". Two that differ have names that differ. */
export function inName(cidr: string): string {
  return cidr.replaceAll(/[.:/]/g, "-");
}
