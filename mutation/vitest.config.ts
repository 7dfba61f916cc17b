import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "test/{application,link,plan,promote}/**/*.test.ts",
      "test/aws/{refs,sources,storage}.test.ts",
      "test/compile/{defects-not-inherited,extensions,secrets,services,table}.test.ts",
    ],
    // Nothing here leaves anything behind, and a mutant costs a third of the time.
    isolate: false,
    testTimeout: 60_000,
  },
});
