import { RunError } from "@pulumi/pulumi/errors";
import { formatProblems, type Problem } from "./addresses/problem";

/**
 * A user's mistake: every problem at once and no stack trace, from the engine as from a command.
 */
export class UserError extends RunError {
  constructor(
    readonly subject: string,
    readonly problems: readonly Problem[],
  ) {
    super(formatProblems(subject, problems));
    this.name = "UserError";
  }
}

/** Throws all problems as one UserError, or returns when there are none. */
export function refuse(subject: string, problems: readonly Problem[]): void {
  if (problems.length > 0) throw new UserError(subject, problems);
}
