import { once } from "node:events";
import { type AddressInfo, connect, createServer } from "node:net";
import { expect, test } from "vitest";
import { slowPath } from "../../../lab/delay";

test("an answer takes twice the latency, and bytes keep their order", async () => {
  const echo = createServer((socket) => socket.pipe(socket)).listen(0, "127.0.0.1");
  await once(echo, "listening");
  const path = await slowPath({ host: "127.0.0.1", port: (echo.address() as AddressInfo).port }, 100);
  const socket = connect(path.port, path.host);
  const began = performance.now();
  let heard = "";
  socket.on("data", (chunk) => {
    heard += chunk;
  });
  for (let index = 0; index < 50; index++) socket.write(`${index},`);
  socket.end();
  await once(socket, "end");
  expect(performance.now() - began).toBeGreaterThanOrEqual(200);
  expect(heard).toBe(Array.from({ length: 50 }, (_, index) => `${index},`).join(""));
  path.close();
  echo.close();
});

test("closing the path ends its connections", async () => {
  const silent = createServer().listen(0, "127.0.0.1");
  await once(silent, "listening");
  const path = await slowPath({ host: "127.0.0.1", port: (silent.address() as AddressInfo).port }, 1);
  const socket = connect(path.port, path.host);
  await once(socket, "connect");
  path.close();
  await once(socket, "close");
  silent.close();
});
