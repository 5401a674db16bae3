import { addressPlanHandler } from "./address-plan";
import { etcdKeyHandler } from "./etcd-key";
import { flowAuditHandler } from "./flow-audit";
import { netmasterObjectHandler } from "./netmaster-object";
import { networkRecordHandler } from "./network-record";
import { nodeStateHandler } from "./node-state";
import type { ResourceHandler } from "./resource";
import { routePlanHandler } from "./route-plan";
import { verificationHandler } from "./verification";

/** Everything the provider keeps, by type token. */
export const resources: Record<string, ResourceHandler> = {
  "podnet:index:AddressPlan": addressPlanHandler,
  "podnet:index:EtcdKey": etcdKeyHandler,
  "podnet:index:FlowAudit": flowAuditHandler,
  "podnet:index:NetmasterObject": netmasterObjectHandler,
  "podnet:index:NetworkRecord": networkRecordHandler,
  "podnet:index:NodeState": nodeStateHandler,
  "podnet:index:RoutePlan": routePlanHandler,
  "podnet:index:Verification": verificationHandler,
};
