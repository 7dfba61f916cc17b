import { rmSync } from "node:fs";
import { type BuildOptions, type BuildResult, build } from "esbuild";

// `npm run build`: what runs on Lambda and what runs on a desk, one file each.

const shared = {
  // Packages of the older kind ask for Node's own modules by `require`.
  banner: {
    js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
  },
  bundle: true,
  format: "esm",
  legalComments: "none",
  // Without it the SDK's older half is bundled too, unshaken.
  mainFields: ["module", "main"],
  metafile: true,
  platform: "node",
  target: "node24",
} as const satisfies BuildOptions;

/** The Lambda functions: the product and nothing of the sandbox. */
export const lambda = {
  ...shared,
  entryPoints: ["src/main.ts"],
  outfile: "dist/main.mjs",
} as const satisfies BuildOptions;

/**
 * The command line, sandbox included, as deep in the tree as its source: it reads the template and
 * the example from where they are. In parts, so that a verb without AWS starts without it. The
 * schema data stays in its package.
 */
export const cli = {
  ...shared,
  entryPoints: ["src/cli/main.ts"],
  outdir: "dist/cli",
  outExtension: { ".js": ".mjs" },
  splitting: true,
  external: ["@aws-cdk/aws-service-spec"],
} as const satisfies BuildOptions;

const sizeOf = ({ metafile }: BuildResult<typeof shared>): string =>
  Object.entries(metafile.outputs)
    .map(([path, { bytes }]) => `${path} ${Math.round(bytes / 1024)} KiB`)
    .join("\n");

if (import.meta.main) {
  // The parts of an earlier build have other names.
  rmSync("dist", { recursive: true, force: true });
  for (const options of [lambda, cli]) {
    process.stdout.write(`${sizeOf(await build(options))}\n`);
  }
}
