import { changes as bridge } from "./bridge/changes";
import { changes as calico } from "./calico/changes";
import { changes as calicoHosts } from "./calico-hosts/changes";
import { changes as canal } from "./canal/changes";
import type { ChangeTable } from "./change";
import { changes as contiv } from "./contiv/changes";
import { changes as flannel } from "./flannel/changes";
import { changes as linen } from "./linen/changes";
import { changes as nuage } from "./nuage/changes";
import { changes as openvswitch } from "./openvswitch/changes";
import { changes as ovnKubernetes } from "./ovn-kubernetes/changes";
import { changes as policy } from "./policy/changes";
import { changes as romana } from "./romana/changes";
import { changes as weave } from "./weave/changes";

/** What may change how, by the kind of network, as a NetworkRecord names it; `policy` is a baseline's. */
export const networkChanges: Record<string, ChangeTable> = {
  bridge,
  calico,
  "calico-hosts": calicoHosts,
  canal,
  contiv,
  flannel,
  nuage,
  linen,
  openvswitch,
  "ovn-kubernetes": ovnKubernetes,
  policy,
  romana,
  weave,
};
