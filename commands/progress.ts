/** Up to this many nodes each gets a line of its own when it is done. */
const linesUpTo = 20;

interface Terminal {
  isTTY?: boolean;
  write(text: string): unknown;
}

export interface Progress {
  /** A node is done; `word` says with what, such as "probed". */
  done(node: string, word: string): void;
  /** Clears the counter, so that the result starts on a clean line. */
  end(): void;
}

/**
 * Shows on a terminal how far the nodes are: a line a node, and a counter where there are many. Elsewhere, as in a CI
 * log, it shows nothing.
 */
export function progress(total: number, terminal: Terminal = process.stderr): Progress {
  let count = 0;
  return {
    done(node, word) {
      count += 1;
      if (!terminal.isTTY) return;
      terminal.write(total <= linesUpTo ? `${node} ${word}\n` : `\r\x1b[K${count} of ${total} nodes ${word}`);
    },
    end() {
      if (terminal.isTTY && total > linesUpTo) terminal.write("\r\x1b[K");
    },
  };
}
