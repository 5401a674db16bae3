import { expect, test, vi } from "vitest";
import { definitionsText } from "../../../components/kubernetes/fetched";

const subject = 'CalicoDefinitions "pods"';
const read = (file: { url?: string; localPath?: string }) => definitionsText(subject, file, "say crds");

test("a file of definitions that cannot be read names the network, the resource, why, and the way out", async () => {
  await expect(read({ localPath: "/nowhere/crds.yaml" })).rejects.toThrow(
    /^CalicoDefinitions "pods": 1 problem\n✖ the file of CustomResourceDefinitions cannot be read: ENOENT.*\n {2}→ at crds, value \/nowhere\/crds\.yaml\n {2}→ say crds$/,
  );
});

test("a URL's user and query are in no message", async () => {
  const asked = vi.spyOn(globalThis, "fetch");
  const url = "https://user:canary@files.example/crds.yaml?token=canary";
  asked.mockResolvedValueOnce(new Response("kind: List", { status: 200 }));
  expect(await read({ url })).toEqual({ text: "kind: List", source: "https://files.example/crds.yaml" });
  expect(asked).toHaveBeenCalledWith(url);
  asked.mockResolvedValueOnce(new Response("", { status: 403, statusText: "Forbidden" }));
  const refused = await read({ url }).catch((error: Error) => error.message);
  expect(refused).toContain("the server answers 403 Forbidden\n  → at crds, value https://files.example/crds.yaml");
  expect(refused).not.toContain("canary");
  asked.mockRestore();
  // Node.js itself takes no user in a URL, and says so with the URL.
  const said = await read({ url }).catch((error: Error) => error.message);
  expect(said).toContain("includes credentials: https://files.example/crds.yaml");
  expect(said).not.toContain("canary");
});
