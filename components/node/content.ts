import { httpUrl, sha256, text } from "./words";

/** Where the content of a file comes from that is too large, or too foreign, to stand in settings. */
export const content = {
  /** Of the content, in hexadecimal digits: `sha256sum`, where you trust it. */
  sha256,
  url: httpUrl.optional(),
  /** Path of the file beside the program. */
  localPath: text.min(1).optional(),
};

interface Source {
  url?: string | undefined;
  localPath?: string | undefined;
}

export const isFromOnePlace = ({ url, localPath }: Source) => (url === undefined) !== (localPath === undefined);
export const onePlace = "give either url or localPath";
