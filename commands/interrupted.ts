let controller: AbortController | undefined;

/** Aborted by Ctrl-C: work on nodes ends in order. A second Ctrl-C ends the process at once. */
export function interrupted(): AbortSignal {
  if (!controller) {
    const first = new AbortController();
    process.once("SIGINT", () => first.abort(new Error("stopped by Ctrl-C")));
    controller = first;
  }
  return controller.signal;
}
