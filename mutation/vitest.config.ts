import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "test/{application,link,plan,promote}/**/*.test.ts",
      "test/aws/{refs,sources,storage}.test.ts",
      "test/compile/{defects-not-inherited,extensions,secrets,services,table}.test.ts",
    ],
    // Thousands of pairs are slow, and find what the others do.
    exclude: ["test/plan/diff-corpus.test.ts"],
    // Nothing here leaves anything behind, and a mutant costs a third of the time.
    isolate: false,
    testTimeout: 60_000,
  },
});
