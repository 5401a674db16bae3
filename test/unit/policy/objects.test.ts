import { join } from "node:path";
import { expect, test } from "vitest";
import { objects } from "../../../components/policy/objects";
import { withoutLabels } from "../calico/labels";
import { casesIn, golden } from "../golden";
import { read, type Written } from "./read";

test.each(casesIn<Written>(join(__dirname, "cases")))("$name: settings in, policies out", (one) => {
  const documents = objects(read(one.settings)).map((object) => withoutLabels(object, "policy-baseline", "baseline"));
  const { got, expected } = golden(one, documents);
  expect(got).toBe(expected);
});

test("Nuage's policies have its label, each with a number of its own, and no others have it", () => {
  const openings = { monitoring: { namespace: "monitoring", pods: { app: "web" }, ports: "tcp/9090" } };
  const labels = (cni: "nuage" | "canal") =>
    objects(read({ cni, openings, nuagePriority: 500 })).map(({ metadata }) => metadata.labels?.["nuage.io/priority"]);
  expect(labels("nuage")).toEqual(["500", "501"]);
  expect(new Set(labels("canal"))).toEqual(new Set([undefined]));
});
