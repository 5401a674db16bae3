import { z } from "zod";

/** Settings of the plugin, which a stack gives under `podnet:`. Others there are a program's, whose project may be named podnet. */
export const providerSettings = z.object({
  /** How many SSH logins and scripts run at once, over all nodes. @default PODNET_SSH_CONCURRENCY, otherwise 64 */
  sshConcurrency: z
    .union([z.string(), z.number()])
    .transform(Number)
    .refine((number) => Number.isInteger(number) && number >= 1 && number <= 10_000, {
      error: "podnet:sshConcurrency is a whole number from 1 to 10000, such as 64",
    })
    .optional(),
});
export type ProviderSettings = z.output<typeof providerSettings>;
