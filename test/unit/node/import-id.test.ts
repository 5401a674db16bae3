import { expect, test } from "vitest";
import { type ConnectionInput, connection } from "../../../components/node/connection";
import { importId, parseImportId } from "../../../components/node/import-id";

const trust = { key: { file: "/root/.ssh/id_ed25519" }, hostKey: { knownHosts: "/etc/known hosts" } };

test.each<[string, ConnectionInput]>([
  ["a host", { host: "node1.example.com" }],
  ["a user, a port and sudo", { host: "192.0.2.1", user: "admin", port: 2222, become: true, ...trust }],
  ["an IPv6 address", { host: "fd00::1", hostKey: { pinned: "ssh-ed25519 AAAA+/=" } }],
  ["a key of the environment", { host: "n", key: { environment: "KEY" }, hostKey: { onFirstUse: true } }],
  ["a bastion", { host: "10.0.0.1", ...trust, jump: { host: "bastion", user: "jump", port: 2200, ...trust } }],
])("%s can be written as an import id and is read from it", (_, input) => {
  const written = importId(connection.parse(input), "pods");
  const read = parseImportId("id" in written ? written.id : written.problem);
  expect(read.owner).toBe("pods");
  expect(connection.parse(read.connection)).toEqual(connection.parse(input));
});

test.each<[string, ConnectionInput, string]>([
  ["a secret", { host: "n", key: { secret: "KEY" } }, "its key is a secret of the program"],
  ["a passphrase", { host: "n", key: { file: "f", passphraseEnvironment: "P" } }, "its key has a passphrase"],
  ["a bastion with a key of its own", { host: "n", ...trust, jump: { host: "b" } }, "give both the same"],
])("%s cannot, and never stands in one", (_, input, problem) => {
  expect(importId(connection.parse(input), "pods")).toEqual({ problem: expect.stringContaining(problem) });
});
