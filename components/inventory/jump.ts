import type { Problem } from "../addresses/problem";

/** A bastion as ssh writes it: [user@]host[:port]. */
export function readJump(
  text: string,
  path: string,
): { jump?: { host: string; port?: number; user?: string }; problems: Problem[] } {
  if (text.includes(","))
    return {
      problems: [
        { path, value: text, rule: "a chain of bastions is not supported", fix: "name one that reaches the node" },
      ],
    };
  const match = /^(?:ssh:\/\/)?(?:([^@]+)@)?(?:\[([^\]]+)\]|([^:]+))(?::(\d+))?$/.exec(text);
  if (!match) return { problems: [{ path, value: text, rule: "a bastion is written [user@]host[:port]" }] };
  const [, user, bracketed, plain, port] = match;
  const host = (bracketed ?? plain) as string;
  return { jump: { host, ...(port && { port: Number(port) }), ...(user && { user }) }, problems: [] };
}
