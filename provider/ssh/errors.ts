/** What went wrong between here and a node, as far as somebody who has to act on it cares. */
export type SshErrorKind =
  | "unreachable"
  | "refused"
  | "authentication"
  | "hostKey"
  | "timeout"
  | "lost"
  /** The bastion, the name server or this machine's own network failed, which says nothing of the node. */
  | "way"
  | "protocol"
  | "output"
  | "sudo";

const unreachable: ReadonlySet<SshErrorKind> = new Set(["unreachable", "refused", "timeout", "lost"]);

/** The message names user, host, port and jump host, what happened, and what to do about it. */
export class SshError extends Error {
  constructor(
    readonly kind: SshErrorKind,
    message: string,
  ) {
    super(message);
    this.name = "SshError";
  }

  /** The same call may succeed later though nobody changes a setting. */
  get retriable(): boolean {
    return this.kind === "way" || this.isUnreachable;
  }

  /** Of a login: nobody answers as a node would. A node that answers and lets nobody in is there. */
  get isUnreachable(): boolean {
    return unreachable.has(this.kind);
  }
}
