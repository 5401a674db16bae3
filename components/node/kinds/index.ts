import type { KindName } from "../item";
import { address } from "./address";
import { artifact } from "./artifact";
import { directory } from "./directory";
import { file } from "./file";
import { iptables } from "./iptables";
import type { Kind } from "./kind";
import { link } from "./link";
import { module } from "./module";
import { nftables } from "./nftables";
import { openvswitch } from "./openvswitch";
import { route } from "./route";
import { rule } from "./rule";
import { sysctl } from "./sysctl";
import { unit } from "./unit";

export const kinds: Record<KindName, Kind> = {
  module,
  directory,
  artifact,
  file,
  openvswitch,
  link,
  sysctl,
  address,
  route,
  rule,
  nftables,
  iptables,
  unit,
};
