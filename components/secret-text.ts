import { z } from "zod";

/** A Pulumi secret (`config.requireSecret("key")`), known by its mark so that this file needs no engine. */
export const secretOutput = z.custom<string>(
  (value) => typeof value === "object" && value !== null && "__pulumiOutput" in value,
);

/** A secret: a Pulumi output, or plain text, which becomes a secret in the state. */
export const secretText = z.union([z.string().min(1), secretOutput]);
