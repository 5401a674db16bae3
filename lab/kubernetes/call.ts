import { type RequestOptions, request } from "node:https";

export interface Answer {
  status: number;
  text: string;
}

/** One call of a Kubernetes API as it goes over the wire; the answer's status is for the caller to judge. */
export function call(options: RequestOptions, body = ""): Promise<Answer> {
  // Node.js says nothing of the body of a DELETE, and the API server then deletes without the options in it.
  const headers = { ...options.headers, "content-length": Buffer.byteLength(body) };
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", reject);
      response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
    });
    asked.on("timeout", () => asked.destroy(new Error(`no answer from ${options.host}`)));
    asked.on("error", reject);
    asked.end(body);
  });
}
