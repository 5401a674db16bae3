import { createHash } from "node:crypto";
import { createReadStream, mkdirSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pipeline } from "node:stream/promises";
import { show } from "./run.mjs";

// Container images as an OCI image layout (github.com/opencontainers/image-spec, image-layout.md), which containerd
// imports as it does a docker-archive; here images share a layer without having it twice.

const types = "application/vnd.oci.image";
const architecture = { x64: "amd64", arm64: "arm64" }[process.arch] ?? process.arch;

export class Layout {
  #manifests = [];

  /** @param folder where the layout is made; it is there and empty */
  constructor(folder) {
    this.folder = folder;
    this.blobs = join(folder, "blobs", "sha256");
    mkdirSync(this.blobs, { recursive: true });
  }

  /** A layer of all that is in a folder, as root's, and equal for equal contents. */
  async layer(contents) {
    const file = join(this.folder, "layer.tar");
    const same = ["--sort=name", "--owner=0", "--group=0", "--numeric-owner", "--mtime=@0"];
    show("tar", [...same, "--create", `--file=${file}`, `--directory=${contents}`, "."]);
    const hash = createHash("sha256");
    await pipeline(createReadStream(file), hash);
    const { size } = statSync(file);
    return this.#keep(hash.digest("hex"), size, `${types}.layer.v1.tar`, (target) => renameSync(file, target));
  }

  /**
   * @param names all the names it is known by, each with registry and tag
   * @param user a number, as whom its command runs; otherwise root
   */
  image(names, layers, { environment = [], entrypoint, command, user }) {
    const path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
    const config = this.#json(`${types}.config.v1+json`, {
      architecture,
      os: "linux",
      config: { Env: [`PATH=${path}`, ...environment], Entrypoint: entrypoint, Cmd: command, User: user },
      // Layers are not compressed, so they are what they are digested as.
      rootfs: { type: "layers", diff_ids: layers.map(({ digest }) => digest) },
    });
    const mediaType = `${types}.manifest.v1+json`;
    const manifest = this.#json(mediaType, { schemaVersion: 2, mediaType, config, layers });
    const platform = { architecture, os: "linux" };
    for (const name of names)
      this.#manifests.push({ ...manifest, platform, annotations: { "io.containerd.image.name": name } });
  }

  /** Makes one archive of the layout. */
  write(archive) {
    writeFileSync(join(this.folder, "oci-layout"), JSON.stringify({ imageLayoutVersion: "1.0.0" }));
    const index = { schemaVersion: 2, mediaType: `${types}.index.v1+json`, manifests: this.#manifests };
    writeFileSync(join(this.folder, "index.json"), JSON.stringify(index));
    show("tar", ["--create", `--file=${archive}`, `--directory=${this.folder}`, "oci-layout", "index.json", "blobs"]);
  }

  #json(mediaType, value) {
    const text = JSON.stringify(value);
    const digest = createHash("sha256").update(text).digest("hex");
    return this.#keep(digest, Buffer.byteLength(text), mediaType, (target) => writeFileSync(target, text));
  }

  #keep(digest, size, mediaType, put) {
    put(join(this.blobs, digest));
    return { mediaType, digest: `sha256:${digest}`, size };
  }
}
