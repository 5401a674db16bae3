import PQueue from "p-queue";

/** Works through all, some at a time; fails with the first that fails. */
export async function each<Item, Result>(
  items: readonly Item[],
  concurrency: number,
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const queue = new PQueue({ concurrency });
  return await Promise.all(items.map((item) => queue.add(() => work(item))));
}
