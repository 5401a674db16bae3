import type { Lab } from "../../../lab";
import { must } from "../handmade";

/** Whether a pod opens a TCP connection and gets an answer by it. */
export async function answered(lab: Lab, node: string, pod: string, address: string, port: number): Promise<boolean> {
  const ask = `import socket; s = socket.create_connection(("${address}", ${port}), 2); s.sendall(b"x"); assert s.recv(1) == b"x"`;
  return (await lab.inPod(node, pod, `python3 -c '${ask}' 2>/dev/null`)).code === 0;
}

/** Answers at a TCP port in a pod, until the unit POD-PORT is stopped. */
export async function serve(lab: Lab, node: string, pod: string, port: number): Promise<void> {
  const echo = `import socket
s = socket.create_server(("", ${port}))
while True:
  c = s.accept()[0]; c.sendall(c.recv(1)); c.close()`;
  await must(
    lab,
    node,
    `systemd-run --quiet --collect --unit ${pod}-${port} ip netns exec ${pod} python3 -c '${echo}'`,
  );
}
