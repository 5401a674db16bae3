import { describe, expect, test } from "vitest";
import { review } from "../../../../commands/diff/decide";
import { markdownReport } from "../../../../commands/diff/markdown";
import { names, recorded, textOf } from "./previews";

test("a secret is in no report, and neither is what becomes one", () => {
  const hidden = (text: string, side: "oldState" | "newState") => {
    const digest = recorded("disruptive-mtu");
    for (const step of digest.steps.filter(({ urn }) => urn.includes("NodeState"))) {
      const files = (step[side]?.inputs.state as { files: { content: string }[] } | undefined)?.files ?? [];
      for (const file of files) file.content = text;
    }
    return review(digest);
  };
  const report = markdownReport(hidden("[secret]", "newState"), { whole: true });
  expect(report).toContain("A secret is in it");
  expect(report).not.toContain("cniVersion");
  expect(JSON.stringify(hidden("[secret]", "oldState"))).not.toContain("cniVersion");
  for (const name of names) expect(textOf(name)).not.toContain("PRIVATE");
});

describe("a secret that is another one than before", () => {
  /** The preview's change of one file, as it prints when the text of each file, or the whole state, is a secret. */
  const hidden = (hide: (state: { files: { content: string }[]; links: object[] }) => unknown) => {
    const digest = recorded("disruptive-mtu");
    for (const { urn, oldState, newState } of digest.steps)
      for (const inputs of urn.includes("NodeState") ? [oldState?.inputs, newState?.inputs] : [])
        if (inputs) inputs.state = hide(inputs.state as never);
    return review(digest);
  };

  test("is told of the file that holds it and of no other, and not shown", () => {
    const found = hidden(({ files, links: _links, ...rest }) => ({
      ...rest,
      files: files.map((file) => ({ ...file, content: "password=[secret]" })),
    }));
    expect(found.nodes).toMatchObject([{ summary: "~1 file" }]);
    expect(found.files).toMatchObject([{ path: "/etc/cni/net.d/10-podnet-pods.conflist", patch: undefined }]);
  });

  test("is no change of nothing where all of the node's state is secret", () => {
    expect(hidden(() => "[secret]").nodes).toMatchObject([{ summary: "its state is a secret" }]);
  });
});
