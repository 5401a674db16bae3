// Writes dist/sbom.cdx.json: what a team gets that installs the package, from the lock, in CycloneDX.
import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";

const words = ["sbom", "--sbom-format", "cyclonedx", "--package-lock-only"];
const list = JSON.parse(execFileSync("npm", words, { encoding: "utf8", maxBuffer: 64 * 1024 * 1024 }));

// `--omit dev` would also leave out what is shipped and used by a development tool as well.
const isDevelopment = ({ properties = [] }) => properties.some(({ name }) => name === "cdx:npm:package:development");
list.components = list.components.filter((component) => !isDevelopment(component));
const kept = new Set([list.metadata.component, ...list.components].map((component) => component["bom-ref"]));
list.dependencies = list.dependencies
  .filter(({ ref }) => kept.has(ref))
  .map(({ ref, dependsOn = [] }) => ({ ref, dependsOn: dependsOn.filter((one) => kept.has(one)) }));
writeFileSync("dist/sbom.cdx.json", JSON.stringify(list, null, 1));
