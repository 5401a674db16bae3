import { z } from "zod";

/** Every path of a schema that a user can set: objects are followed, of a choice each one, other values are a path. */
export function paths(schema: unknown, path: string[] = []): string[] {
  const { def } = schema as {
    def: { innerType?: z.ZodType; shape?: Record<string, z.ZodType>; options?: z.ZodType[] };
  };
  if (def.innerType) return paths(def.innerType, path);
  if (def.shape) return Object.entries(def.shape).flatMap(([key, value]) => paths(value, [...path, key]));
  if (schema instanceof z.ZodDiscriminatedUnion) return (def.options ?? []).flatMap((one) => paths(one, path));
  return [path.join(".")];
}
