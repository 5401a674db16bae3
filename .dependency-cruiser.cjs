/**
 * Which folder may import which. Arrows go one way:
 *
 *     stacks, commands, test, bench → components → components/addresses
 *
 * and the provider takes only the halves of components that know no Pulumi program.
 * Type-only imports count: a file is pure when it can be read without knowing Pulumi, not only when it runs without.
 */

// The provider decides with these and needs no other file of components.
const pureHalves = [
  "^components/addresses/",
  "^components/node/",
  "^components/verification/",
  "^components/etcd/",
  "^components/netmaster/",
  "^components/flow-audit/",
  "^components/(change|changes|change-table|change-words|errors|parse)[.]ts$",
  "^components/[^/]+/(settings|changes)[.]ts$",
  "^components/routes/(check|decide|lists|plan|quota|request|standing)[.]ts$",
];

// Component files, the only ones that speak to the Pulumi engine. All others can be tested as arithmetic.
const componentFiles = [
  "^components/[^/]+/(index|resource)[.]ts$",
  "^components/(begin|index|plugin|record)[.]ts$",
  "^components/routes/((aws|gcp|alicloud)(-look|-nodes)?|within)[.]ts$",
];

// What the SDK has that is no program: the protocol, and the error that the engine prints without a stack.
const sdk = "(^|/)@pulumi/(?!pulumi/proto/|pulumi/errors)";

// How a process reaches another machine or another process.
const sockets =
  "^(node:)?(net|tls|dgram|http|https|http2|dns|dns/promises|child_process|cluster|worker_threads)$|node_modules/(node-ssh|ssh2|@grpc)/";

const rule = (name, comment, from, to) => ({ name, comment, severity: "error", from, to });

module.exports = {
  forbidden: [
    rule(
      "components-know-no-user",
      "components is the library: whoever uses it comes after it",
      { path: "^components/" },
      { path: "^(provider|lab|commands|stacks|test|bench|toolchain)/" },
    ),
    rule(
      "addresses-at-the-bottom",
      "components/addresses is arithmetic that all others build on",
      { path: "^components/addresses/" },
      { path: "^components/(?!addresses/)" },
    ),
    rule(
      "only-component-files-know-pulumi",
      "settings, objects, host and changes are pure; index.ts, begin.ts and resource.ts make the resources",
      { path: "^components/", pathNot: componentFiles },
      { path: sdk },
    ),
    rule(
      "components-open-no-socket",
      "a component describes; the provider reaches the nodes",
      { path: "^components/" },
      { path: sockets },
    ),
    rule(
      "provider-imports-pure-halves",
      "the plugin process decides with the pure halves of components and nothing else of them",
      { path: "^provider/" },
      { path: "^components/", pathNot: pureHalves },
    ),
    rule(
      "provider-loads-no-program-sdk",
      "of @pulumi/pulumi the plugin needs the protocol only; the rest costs half a second at each start",
      { path: "^provider/" },
      { path: sdk, reachable: true },
    ),
    rule(
      "provider-knows-no-caller",
      "the plugin is started by the engine and knows neither lab nor commands",
      { path: "^provider/" },
      { path: "^(lab|commands|stacks|toolchain)/" },
    ),
    rule(
      "shipped-knows-no-test",
      "what a team installs runs without our tests and benchmarks",
      { path: "^(components|provider|commands|lab|stacks|toolchain)/" },
      { path: "^(test|bench)/" },
    ),
    rule(
      "shipped-needs-no-dev-dependency",
      "a team that installs the package gets no devDependencies",
      // The stand-in for a provider that a team can download is not in the package.
      { path: "^(components|provider|commands|lab)/", pathNot: "^lab/kubernetes/stand-in/" },
      { dependencyTypes: ["npm-dev"], dependencyTypesNot: ["npm-peer", "type-only"] },
    ),
    rule("no-cycles", "two files that need each other are one thing or three", {}, { circular: true }),
    rule("no-unresolved", "an import must lead somewhere", {}, { couldNotResolve: true }),
    rule(
      "no-orphans",
      "a file that neither imports nor is imported serves nobody",
      { orphan: true, path: "^(components|provider|commands|lab|stacks)/" },
      {},
    ),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.check.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["require", "node", "types", "default"] },
  },
};
