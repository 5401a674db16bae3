import { expect, test } from "vitest";
import { readIni, readYaml } from "../../../components/inventory/ansible-groups";

test.each([
  ["an empty range", () => readIni("[all]\nnode[9:1]\n"), "node[9:1]"],
  ["another kind of section", () => readIni("[all:hots]\n"), "[all:hots]"],
  ["a variable without a value", () => readIni("[all:vars]\nansible_user\n"), "ansible_user"],
  ["a group that is a list", () => readYaml({ all: ["node1"] }), "a list"],
  ["a group in a group's place", () => readYaml({ all: { rack: { hosts: {} } } }), "a map"],
  [
    "a variable in a group's place, whose value may be a password",
    () => readYaml({ all: { pass: "hunter2" } }),
    "a string",
  ],
  ["a list", () => readYaml(["node1"]), "a list"],
])("%s is told with what stands there and the way out", (_, read, value) => {
  expect(read().problems).toEqual([
    { path: expect.any(String), value, rule: expect.any(String), fix: expect.any(String) },
  ]);
});

test("a word beside a host's variables, which may be a password written with blanks around =, is not shown", () => {
  const { problems } = readIni("[all]\nnode1 ansible_become_password = hunter2\n");
  expect(problems.map(({ rule }) => rule)).toContain("a variable of the host node1 is written name=value");
  expect(JSON.stringify(problems)).not.toContain("hunter2");
});
