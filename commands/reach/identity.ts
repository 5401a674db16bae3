type Properties = Record<string, unknown>;

/**
 * What an object is, so that one that was read in two places is one. Kinds of one name are told apart by their API
 * group, which Calico's objects have one of however they are read.
 */
export function identity(object: unknown): string {
  const [group = ""] = /^.*(?=\/)/.exec(String((object as Properties | undefined)?.apiVersion)) ?? [];
  return `${group.replace(/^crd\./, "")} ${named(object)}`;
}

/** "NetworkPolicy shop db", for people. */
export function named(object: unknown): string {
  const { kind, metadata } = (object ?? {}) as Properties;
  const { name, namespace } = (metadata ?? {}) as Properties;
  return [kind, namespace, name].filter(Boolean).join(" ");
}
