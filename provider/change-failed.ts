/** A change that did not come to pass. `restored`: the node was seen to be, or is bound to be, as it was before. */
export class ChangeFailed extends Error {
  constructor(
    message: string,
    readonly restored: boolean,
  ) {
    super(message);
  }
}
