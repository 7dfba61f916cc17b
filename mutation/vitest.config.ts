import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    // The nearest tests, which are quick: one that is far off would be run for every mutant too.
    include: [
      "test/application/{ceiling,stored}.test.ts",
      "test/aws/{refs,sources,storage}.test.ts",
      "test/compile/secrets.test.ts",
      "test/{link,model,plan,promote}/**/*.test.ts",
    ],
    // Thousands of pairs are slow, and find what the others do.
    exclude: ["test/plan/diff-corpus.test.ts"],
    // Nothing here leaves anything behind, and a mutant costs a third of the time.
    isolate: false,
    testTimeout: 60_000,
  },
});
