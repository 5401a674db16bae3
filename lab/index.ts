export { down } from "./down";
export { Lab } from "./lab";
export { open } from "./open";
export { labNames } from "./state";
export type { NodeKind, NodeRequest } from "./topology";
export { type UpOptions, up } from "./up";
