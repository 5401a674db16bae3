import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { call } from "../../../../lab/kubernetes/call";
import { ensureCertificates } from "../../../../lab/kubernetes/certificates";

const folder = mkdtempSync(join(tmpdir(), "podnet-call-"));
const file = (name: string) => readFileSync(join(folder, name), "utf8");
let server: ReturnType<typeof createServer>;

beforeAll(async () => {
  const serves = { names: ["localhost"], addresses: ["127.0.0.1"] };
  await ensureCertificates(folder, [{ file: "server", user: "server", serves }]);
  // What arrives goes back.
  server = createServer({ cert: file("server.crt"), key: file("server.key") }, (request, response) => {
    request.pipe(response);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each(["PATCH", "DELETE"])("what is said in a %s arrives", async (method) => {
  const { port } = server.address() as AddressInfo;
  const words = '{"propagationPolicy":"Foreground","reason":"größer"}';
  const answer = await call({ method, host: "127.0.0.1", port, path: "/", ca: file("ca.crt"), agent: false }, words);
  expect(answer).toEqual({ status: 200, text: words });
});
