import { z } from "zod";

/** A label selector of Kubernetes. Empty selects everything. */
export const labelSelector = z.strictObject({
  matchLabels: z.record(z.string(), z.string()).nullish(),
  matchExpressions: z
    .array(
      z
        .strictObject({
          key: z.string().min(1),
          operator: z.enum(["In", "NotIn", "Exists", "DoesNotExist"]),
          values: z.array(z.string()).nullish(),
        })
        .refine(({ operator, values }) => !/In$/.test(operator) || (values?.length ?? 0) > 0, {
          message: "In and NotIn ask for values",
        })
        .refine(({ operator, values }) => /In$/.test(operator) || (values?.length ?? 0) === 0, {
          message: "Exists and DoesNotExist take no values",
        }),
    )
    .nullish(),
});
export type LabelSelector = z.output<typeof labelSelector>;

type Labels = Readonly<Record<string, string>>;

/** All of its lines must hold. A label that is absent is in no set, so that NotIn holds. */
export function selects(selector: LabelSelector, labels: Labels): boolean {
  for (const [key, value] of Object.entries(selector.matchLabels ?? {})) if (labels[key] !== value) return false;
  return (selector.matchExpressions ?? []).every((expression) => holds(expression, labels[expression.key]));
}

type Expression = NonNullable<LabelSelector["matchExpressions"]>[number];

function holds({ operator, values }: Expression, value: string | undefined): boolean {
  switch (operator) {
    case "In":
      return value !== undefined && (values ?? []).includes(value);
    case "NotIn":
      return value === undefined || !(values ?? []).includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
  }
}
