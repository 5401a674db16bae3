import type * as pulumi from "@pulumi/pulumi";

const machines = ["aws:ec2/instance:Instance", "aws:ec2/networkInterface:NetworkInterface"];

/**
 * A transform for what makes the nodes: turns the source/destination check of instances and network interfaces off. For
 * one of them, or for a component and all that it makes.
 *
 * @example
 * new aws.ec2.Instance("node1", { ... }, { transforms: [withoutSourceDestCheck] });
 */
export const withoutSourceDestCheck: pulumi.ResourceTransform = ({ type, props, opts }) => {
  // An instance with network interfaces of its own leaves the check to them.
  const elsewhere = props.networkInterfaces !== undefined || props.primaryNetworkInterface !== undefined;
  return machines.includes(type) && !elsewhere ? { props: { ...props, sourceDestCheck: false }, opts } : undefined;
};
