import { spawnSync } from "node:child_process";
import { expect, test } from "vitest";
import { curlScript } from "../../../components/node/curl-script";
import { fetchScript, shownUrl } from "../../../components/node/fetch-script";
import { nodeState } from "../../../components/node/state";

const sum = "0".repeat(64);

/** Prints its words and what comes on its stdin, as do the tools that stand for the node's own. */
const recorder = (name: string) =>
  `${name}() { for word; do printf 'word %s\\n' "$word"; done; while IFS= read -r line; do printf 'input %s\\n' "$line"; done; }`;

const tools = {
  curl: recorder("curl"),
  wget: `${recorder("record")}; grep() { :; }; wget() { [ "$1" = --help ] || record "$@"; }`,
  // BusyBox's has no --input-file.
  plain: `${recorder("record")}; grep() { return 1; }; wget() { [ "$1" = --help ] || record "$@"; }`,
};

/** The script in a shell where nothing real can be run. */
function run(script: string, tool: keyof typeof tools) {
  const stubs = ["mkdir", "rm", "rmdir", "mv", "cd", "sha256sum"].map((name) => `${name}() { :; }`);
  const input = [...stubs, `timeout() { shift; "$@"; }`, tools[tool], script].join("\n");
  const { stdout } = spawnSync("/bin/sh", ["-s"], { input, env: { PATH: "/nowhere" }, encoding: "utf8" });
  const lines = stdout.split("\n");
  const after = (mark: string) => lines.filter((line) => line.startsWith(mark)).map((line) => line.slice(mark.length));
  return { words: after("word "), input: after("input "), said: lines.filter((line) => !/^(word|input) /.test(line)) };
}

const secretUrls = [
  "https://files.example/cni?X-Amz-Signature=canary",
  "https://user:canary@files.example/cni",
  `http://127.0.0.1/a'b"c\\d$(canary)\`e\`?q=[1-3]{x,y}&canary=#"'\\n`,
];

test.each(secretUrls)("curl and wget are given %s on their stdin, as it is, and no word of it", (url) => {
  const byCurl = run(fetchScript("o", sum, url, 120), "curl");
  expect(byCurl.words).toContain("--globoff");
  expect(byCurl.words.join(" ")).not.toMatch(/canary|example|127\.0/);
  expect(byCurl.input).toEqual([`url = "${url.replaceAll(/["\\]/g, "\\$&")}"`]);
  const byWget = run(fetchScript("o", sum, url, 120), "wget");
  expect(byWget.words).toEqual(["-q", "-O", expect.any(String), "-i", "-"]);
  expect(byWget.input).toEqual([url]);
});

test.each(secretUrls)("what the node says of %s has no user and no query", (url) => {
  const { said } = run(fetchScript("o", sum, url, 120), "wget");
  expect(said.join("\n")).toContain(`${shownUrl(url)} has the SHA-256`);
  expect(said.join("\n")).not.toMatch(/X-Amz|user:|canary=/);
});

test("a wget that reads no URL from stdin is given one without secrets, and no other", () => {
  const open = run(fetchScript("o", sum, "https://files.example/cni", 120), "plain");
  expect(open.words).toContain("https://files.example/cni");
  const closed = run(fetchScript("o", sum, "https://user:canary@files.example/cni", 120), "plain");
  expect(closed.words).toEqual([]);
  expect(closed.said).toContain(
    "https://files.example/cni has a user or a query, which this node's wget would show to every user there: " +
      "install curl, or give the artifact by localPath",
  );
});

test("a URL is one word, and no other gets into a script", () => {
  const taken = (url: string) => nodeState.safeParse({ artifacts: [{ path: "/opt/a", sha256: sum, url }] });
  for (const url of ["http://h/a b", "http://h/\u0007"])
    expect(taken(url).error?.issues[0]?.message).toContain("write a space as %20");
  // What the standard of URLs drops is dropped.
  expect(taken("http://h/a\nPODNET_END\nreboot").data?.artifacts[0]?.url).toBe("http://h/aPODNET_ENDreboot");
  for (const url of ["http://h/a b", "http://h/a\nPODNET_END\nreboot"])
    expect(() => fetchScript("o", sum, url, 120)).toThrow("a URL cannot hold spaces or control characters");
});

test("a value of several lines stays one option of curl's", () => {
  const script = curlScript({ header: 'a\nPODNET_END\r\noutput = "/etc/passwd"' });
  expect(script).toContain('\nheader = "a\\nPODNET_END\\r\\noutput = \\"/etc/passwd\\""\n');
});
