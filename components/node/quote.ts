/** One shell word, whatever is in it: the only way data gets into a line of a script. */
export function quote(word: string): string {
  if (word.includes("\0")) throw new Error("a shell word cannot hold a NUL character");
  return `'${word.replaceAll("'", `'\\''`)}'`;
}
