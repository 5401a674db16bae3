/**
 * Makes many resources at a time, without stacks. The SDK notes one for each promise of each property, to tell where a
 * promise was leaked: for 1,000 routes in AWS 60,000 of them, all of this place, and half of what a preview takes.
 */
export function makeMany<T>(make: () => T): T {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    return make();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}
