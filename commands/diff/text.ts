import type { Review } from "./review";
import { fileTitle, headline, sections } from "./sections";

/** What a person reads in a terminal. */
export function textReport(review: Review): string {
  const parts = sections(review).map(({ title, lines, files = [] }) =>
    [
      title,
      ...lines.map((line) => `  ${line.replaceAll("\n", "\n    ")}`),
      ...files.flatMap((file) => [
        `  ${fileTitle(file)}`,
        ...(file.patch ?? "a secret is in it: what changes is not shown")
          .trimEnd()
          .split("\n")
          .map((line) => `    ${line}`),
      ]),
    ].join("\n"),
  );
  return [headline(review), ...parts].join("\n\n");
}
