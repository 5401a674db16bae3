import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

type Environment = Record<string, string | undefined>;

const home = mkdtempSync(join(tmpdir(), "podnet-home-"));
const checkout = `file://${join(__dirname, "../../../.pulumi-state")}`;
let environmentFor: (engine: { folder: string; ours: boolean }, words?: string[], own?: Environment) => Environment;

const surroundings = (words: string[] | undefined, own: Environment = {}) =>
  environmentFor({ folder: "/engine/bin", ours: false }, words, { PATH: "/usr/bin", HOME: home, ...own });

beforeAll(async () => {
  ({ environmentFor } = await import(join(__dirname, "../../../toolchain/environment.mjs")));
});
afterAll(() => rmSync(home, { recursive: true }));

describe("the lab's stack", () => {
  const users = { PULUMI_BACKEND_URL: "s3://state", PULUMI_CONFIG_PASSPHRASE: "theirs", PULUMI_HOME: "/theirs" };
  test.each([
    ["of npm start and npm test", undefined],
    ["that is named", ["up", "--stack", "lab"]],
    ["that is named in one word", ["preview", "--stack=lab"]],
    ["that is named shortly", ["verify", "-s", "lab"]],
    ["that is selected", ["stack", "select", "lab"]],
    ["with flannel", ["up", "--stack", "lab-flannel"]],
    ["with Calico", ["up", "--stack", "lab-calico"]],
    ["with Canal", ["up", "--stack", "lab-canal"]],
  ])("%s has its own state and passphrase, whatever the user's are", (_, words) => {
    expect(surroundings(words, users)).toMatchObject({
      PULUMI_BACKEND_URL: checkout,
      PULUMI_CONFIG_PASSPHRASE: "lab",
      PULUMI_HOME: expect.stringMatching(/pulumi-home$/),
    });
  });
});

describe("a real stack", () => {
  test.each([
    [["up", "--stack", "metal"]],
    [["stack", "init", "metal"]],
    [["stack", "init", "metal", "--copy-config-from", "lab"]],
    [["stack", "init"]],
    [["up"]],
    [["config", "set", "--stack", "metal", "note", "lab"]],
    [["up", "--stack", "lab-theirs"]],
    [[]],
  ])("never has a passphrase that the user did not give: %j", (words) => {
    expect(surroundings(words)).not.toHaveProperty("PULUMI_CONFIG_PASSPHRASE");
    expect(surroundings(words, { PULUMI_CONFIG_PASSPHRASE: "theirs" }).PULUMI_CONFIG_PASSPHRASE).toBe("theirs");
  });

  const words = ["up", "--stack", "metal"];
  test("is in the backend that the user set", () => {
    expect(surroundings(words, { PULUMI_BACKEND_URL: "s3://state" }).PULUMI_BACKEND_URL).toBe("s3://state");
  });

  test("is in the backend that the user logged in to, with the login", () => {
    expect(surroundings(words).PULUMI_BACKEND_URL).toBe(checkout);
    const folder = join(home, ".pulumi");
    mkdirSync(folder);
    writeFileSync(join(folder, "credentials.json"), JSON.stringify({ current: "gs://state" }));
    expect(surroundings(words)).not.toHaveProperty("PULUMI_BACKEND_URL");
    expect(surroundings(words).PULUMI_HOME).toBe(folder);
  });

  test("is in the cloud of the user's access token", () => {
    expect(surroundings(words, { PULUMI_ACCESS_TOKEN: "pul-0" })).not.toHaveProperty("PULUMI_BACKEND_URL");
  });
});

describe("the stand-in for the provider of Kubernetes objects", () => {
  const path = (ours: boolean, words?: string[]) =>
    environmentFor({ folder: "/engine/bin", ours }, words, { PATH: "/usr/bin", HOME: home }).PATH;

  test("is there for the lab's stack where the engine could not be downloaded", () => {
    expect(path(true)).toMatch(/lab\/kubernetes\/stand-in\/plugin:\/usr\/bin$/);
    expect(path(true, ["up", "--stack", "lab"])).toContain("stand-in");
  });

  test.each([
    [true, ["up", "--stack", "metal"]],
    [true, ["up"]],
    [false, ["up", "--stack", "lab"]],
    [false, undefined],
  ])("is not there for a real stack, or beside an official engine (ours: %s, %j)", (ours, words) => {
    expect(path(ours, words)).not.toContain("stand-in");
  });
});
