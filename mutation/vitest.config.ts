import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: [
      "test/{application,link,plan,promote}/**/*.test.ts",
      "test/aws/{sources,storage}.test.ts",
      "test/compile/{defects-not-inherited,extensions,secrets,services,table}.test.ts",
    ],
    testTimeout: 60_000,
  },
});
