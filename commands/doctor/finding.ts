import { printable } from "../../components/node/printable";

/** "blocking": podnet cannot work on the node; "warning": it may break later; "note": worth knowing. */
export type Severity = "blocking" | "warning" | "note";

export interface Finding {
  severity: Severity;
  finding: string;
  /** What to do about it. */
  wayOut: string;
}

/** What is expected of a node, as far as it was said. */
export interface ExpectedNode {
  name: string;
  /** The NIC that carries pod traffic. */
  nic?: string;
  addresses: readonly string[];
  /** Bytes that the NIC should carry. */
  mtu?: number;
  /** sudo is used. */
  become: boolean;
}

// Findings quote what nodes answered: only what a terminal shows as it is gets into one.
const of = (severity: Severity) => (finding: string, wayOut: string) => ({
  severity,
  finding: printable(finding, 500),
  wayOut: printable(wayOut, 500),
});
export const blocking: (finding: string, wayOut: string) => Finding = of("blocking");
export const warning: typeof blocking = of("warning");
export const note: typeof blocking = of("note");
